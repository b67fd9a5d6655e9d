// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ErrorShape } from '../../../../preload/errors.ts'
import { App } from '../../../../renderer/app.tsx'
import { createWorkspace } from '../../../../renderer/workspace.tsx'
import { createFakeBridge, type FakeBridge } from '../../../renderer/fake-bridge.ts'

const tent = 'Ingrid Solheim .*Wrong poles in my Ridge 3 tent'

beforeEach(() => {
  Object.defineProperty(window, 'innerWidth', { configurable: true, value: 1280 })
  window.matchMedia = () => Object.assign(new EventTarget(), { matches: false }) as MediaQueryList
})
afterEach(cleanup)

async function openApp(prepare: (fake: FakeBridge) => void = () => undefined) {
  const fake = createFakeBridge()
  prepare(fake)
  const workspace = createWorkspace(fake.bridge)
  render(<App workspace={workspace} />)
  await waitFor(() => expect(screen.getByTestId('app').getAttribute('aria-busy')).toBe('false'))
  return { fake, workspace }
}

const list = () => screen.findByRole('listbox', { name: 'Conversations' })
const nameOf = (row: HTMLElement) => (row.textContent ?? '').replaceAll(/\s+/g, ' ').trim()
const rowNames = () =>
  within(screen.getByRole('listbox', { name: 'Conversations' }))
    .getAllByRole('option')
    .map(nameOf)
const press = (key: string, more: object = {}) =>
  act(() => void fireEvent.keyDown(document.activeElement ?? document.body, { key, ...more }))

async function openTent() {
  fireEvent.click(within(await list()).getByRole('option', { name: new RegExp(tent) }))
  return screen.findByRole('heading', { level: 1, name: 'Wrong poles in my Ridge 3 tent' })
}
const repliesSent = (fake: FakeBridge) => fake.callsOf('outbox.send').flatMap(({ commands }) => commands)

/** Makes the first account one that has a key in place of a sign-in. */
function useKey({ data }: FakeBridge) {
  const [account] = data.accounts
  if (account === undefined) throw new Error('the fake has accounts')
  Object.assign(account, { way: 'key', state: 'needs_sign_in' })
  const key = { label: 'API key', help: 'In your profile.', note: 'It works as you.' }
  data.vendors = data.vendors.map((vendor) => (vendor.id === account.vendor ? { ...vendor, key } : vendor))
}

/** The tent conversation allows less than its account. */
function onlyReplies({ data }: FakeBridge) {
  for (const { conversation } of data.threads) if (conversation.id === 'a1:50117') conversation.commands = ['reply']
}

describe('the list', () => {
  test('shows the newest conversations with customer, subject, brand and state in their names', async () => {
    await openApp()
    await list()
    expect(rowNames()[0]).toMatch(new RegExp(`^${tent} .*due in \\d+ min, unread, Northwind Outdoor, Open$`))
  })

  test('draws only what is near, however much is loaded', async () => {
    const { workspace } = await openApp()
    await list()
    await waitFor(() => expect(workspace.inbox.getState().rows.length).toBeGreaterThan(40))
    expect(within(await list()).getAllByRole('option').length).toBeLessThan(30)
  })

  test('narrows to a brand, a view and a search', async () => {
    const { fake } = await openApp()
    fireEvent.click(screen.getByRole('option', { name: /^Lumen Skincare/ }))
    await waitFor(() => expect(fake.callsOf('inbox.list').at(-1)).toEqual({ limit: 50, brandId: 'lumen' }))
    fireEvent.click(screen.getByRole('button', { name: /^Unassigned/ }))
    await waitFor(() => expect(fake.callsOf('inbox.list').at(-1)).toMatchObject({ brandId: 'lumen', assignee: 'none' }))
    fireEvent.change(screen.getByRole('searchbox', { name: 'Search conversations' }), { target: { value: 'serum' } })
    await waitFor(() => expect(fake.callsOf('inbox.list').at(-1)).toMatchObject({ text: 'serum' }))
    await waitFor(() =>
      expect(within(screen.getByRole('listbox', { name: 'Conversations' })).getAllByRole('option')).toHaveLength(1),
    )
  })

  test('says what was looked for when nothing is found, and clears it', async () => {
    const { workspace } = await openApp()
    act(() => workspace.inbox.getState().filter((filters) => ({ ...filters, text: 'unicorn' })))
    await screen.findByText('Nothing found for “unicorn”')
    fireEvent.click(screen.getByRole('button', { name: 'Clear search and filters' }))
    await within(await list()).findByRole('option', { name: new RegExp(tent) })
  })

  test('shows a new conversation at once at its top, and holds it back while scrolled', async () => {
    const { fake, workspace } = await openApp()
    await list()
    const bring = (id: string, customerName: string) => {
      const [template] = fake.data.threads
      if (template === undefined) throw new Error('no thread')
      const conversation = { ...template.conversation, id, customerName, updatedAt: Date.now() + 60_000 }
      fake.data.threads.unshift({ ...template, conversation })
      act(() => fake.changed([id]))
    }
    bring('a1:1', 'First New')
    await screen.findByRole('option', { name: /^First New/ })
    act(() => workspace.inbox.getState().setViewport(20, 30, false))
    bring('a1:2', 'Second New')
    fireEvent.click(await screen.findByRole('button', { name: '1 new' }))
    await screen.findByRole('option', { name: /^Second New/ })
  })

  test('keeps the open conversation chosen while rows above it come and change', async () => {
    const { fake, workspace } = await openApp()
    await openTent()
    const [, second] = fake.data.threads
    if (second === undefined) throw new Error('no second thread')
    second.conversation.updatedAt = Date.now() + 60_000
    act(() => fake.changed([second.conversation.id]))
    await waitFor(() => expect(rowNames()[0]).toMatch(/^Chiara Ricci .*Serum/))
    expect(rowNames()[1]).toMatch(new RegExp(`^${tent}`))
    expect(workspace.inbox.getState().openId).toBe('a1:50117')
    expect(screen.getByRole('option', { name: new RegExp(tent) }).getAttribute('aria-selected')).toBe('true')
  })

  test('says why it cannot be shown, keeps the detail a click away, and tries again', async () => {
    const error: ErrorShape = {
      code: 'store_unavailable',
      message: 'The local copy cannot be read.',
      action: 'Try again.',
      detail: 'SQLITE_BUSY',
    }
    const { fake } = await openApp((all) => all.fail('inbox.list', error))
    await screen.findByText('The local copy cannot be read.')
    expect(screen.queryByText(/SQLITE_BUSY/)).toBeNull()
    fireEvent.click(screen.getByRole('button', { name: 'Details' }))
    fireEvent.click(screen.getByRole('button', { name: 'Copy details' }))
    await waitFor(() => expect(fake.data.copied.join()).toContain('SQLITE_BUSY'))
    fake.heal('inbox.list')
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    await list()
  })
})

describe('the thread', () => {
  test('shows messages, note and event, and the customer’s HTML in a frame that may run nothing', async () => {
    await openApp()
    await openTent()
    expect(screen.getByRole('article', { name: 'Private note from Tom Okafor' })).toBeTruthy()
    expect(screen.getByText(/Assigned to Mara Lindqvist by the rule/)).toBeTruthy()
    const frame = screen.getByTitle<HTMLIFrameElement>('Message from Ingrid Solheim')
    expect(frame.getAttribute('sandbox')).toBe('allow-same-origin')
    expect(frame.contentDocument?.body.textContent).toContain('the tent poles are for the')
    expect(frame.contentDocument?.querySelector('script, img')).toBeNull()
    expect(
      frame.contentDocument?.querySelector('meta[http-equiv="Content-Security-Policy"]')?.getAttribute('content'),
    ).toContain("default-src 'none'")
    expect(screen.getByText(/One remote image is not loaded/)).toBeTruthy()
  })

  test('shows where a link leads before it opens', async () => {
    const { fake } = await openApp()
    await openTent()
    const link = screen.getByTitle<HTMLIFrameElement>('Message from Ingrid Solheim').contentDocument?.querySelector('a')
    if (link == null) throw new Error('the message has no link')
    act(() => link.click())
    const dialog = await screen.findByRole('dialog', { name: 'Open this link?' })
    expect(within(dialog).getByText('northwind.example')).toBeTruthy()
    expect(fake.data.opened).toEqual([])
    fireEvent.click(within(dialog).getByRole('button', { name: 'Open in browser' }))
    await waitFor(() =>
      expect(fake.data.opened).toEqual(['https://northwind.example/products/ridge-3?utm_source=mail']),
    )
  })

  test('is marked as read after a moment, and U marks it as unread without being undone', async () => {
    const { fake } = await openApp()
    await openTent()
    await waitFor(
      () => expect(fake.callsOf('inbox.setRead')).toEqual([{ conversationIds: ['a1:50117'], read: true }]),
      {
        timeout: 3000,
      },
    )
    press('u')
    await waitFor(() => expect(fake.callsOf('inbox.setRead').at(-1)?.read).toBe(false))
    await waitFor(() => expect(nameOf(screen.getByRole('option', { name: new RegExp(tent) }))).toContain('unread'))
  })

  test('downloads an attachment and says where it is', async () => {
    const { fake } = await openApp()
    await openTent()
    fireEvent.click(screen.getByRole('button', { name: 'Download label-on-the-bag.jpg 2.4 MB' }))
    await screen.findByText('label-on-the-bag.jpg is in /home/mara/Downloads')
    expect(fake.callsOf('inbox.download')).toEqual([{ messageId: 'a1:50117/1', attachmentId: 'f1' }])
  })

  test('stays readable when the vendor cannot be reached, and says so', async () => {
    const error: ErrorShape = {
      code: 'vendor_unreachable',
      message: 'Zendesk does not answer.',
      action: null,
      detail: null,
    }
    await openApp((fake) => fake.fail('inbox.refreshThread', error))
    await openTent()
    await screen.findByText('Zendesk does not answer.')
    expect(screen.getByRole('article', { name: 'Private note from Tom Okafor' })).toBeTruthy()
  })

  test('tells that a conversation is gone', async () => {
    const { workspace } = await openApp()
    await list()
    act(() => workspace.inbox.getState().open('a1:gone'))
    await screen.findByText('This conversation is no longer here')
  })
})

describe('answering', () => {
  test('says as whom, and sends exactly one reply with the signature by Ctrl+Enter', async () => {
    const { fake } = await openApp()
    await openTent()
    expect(screen.getByText('Northwind Outdoor Support', { selector: 'strong' })).toBeTruthy()
    press('r')
    const field = screen.getByRole('textbox', { name: 'Reply' })
    await waitFor(() => expect(document.activeElement).toBe(field))
    fireEvent.change(field, { target: { value: 'Keep the poles.' } })
    fireEvent.keyDown(field, { key: 'Enter', ctrlKey: true })
    fireEvent.keyDown(field, { key: 'Enter', ctrlKey: true })
    await screen.findByText('Waiting to be sent')
    expect(repliesSent(fake)).toEqual([
      {
        kind: 'reply',
        bodyText: 'Keep the poles.\n\nKind regards\nMara Lindqvist\nNorthwind Outdoor Support',
        bodyHtml: '<p>Keep the poles.</p><p>Kind regards<br>Mara Lindqvist<br>Northwind Outdoor Support</p>',
      },
    ])
    await waitFor(() => expect(screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Reply' }).value).toBe(''))
  })

  test('sends a reply and the new status in this order', async () => {
    const { fake } = await openApp()
    await openTent()
    fireEvent.change(screen.getByRole('textbox', { name: 'Reply' }), { target: { value: 'Done.' } })
    fireEvent.click(screen.getByRole('button', { name: 'Send and set the status' }))
    fireEvent.click(await screen.findByRole('menuitem', { name: 'Send and set to solved' }))
    await waitFor(() => expect(repliesSent(fake).map(({ kind }) => kind)).toEqual(['reply', 'status']))
  })

  test('writes a note that only the team sees', async () => {
    const { fake } = await openApp()
    await openTent()
    press('n')
    fireEvent.change(await screen.findByRole('textbox', { name: 'Note' }), { target: { value: 'Ask Tom.' } })
    expect(screen.getByText('Only your team sees this note')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Add note' }))
    await waitFor(() => expect(repliesSent(fake)).toMatchObject([{ kind: 'note', bodyText: 'Ask Tom.' }]))
  })

  test('keeps the text when it could not be taken over, and says why', async () => {
    const error: ErrorShape = {
      code: 'store_full',
      message: 'The disk is full.',
      action: 'Free some space.',
      detail: null,
    }
    await openApp((fake) => fake.fail('outbox.send', error))
    await openTent()
    fireEvent.change(screen.getByRole('textbox', { name: 'Reply' }), { target: { value: 'Hello' } })
    fireEvent.click(screen.getByRole('button', { name: 'Send' }))
    await screen.findByText('The disk is full.')
    expect(screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Reply' }).value).toBe('Hello')
  })

  test('saves the draft when the conversation is left, and brings it back', async () => {
    const { fake } = await openApp()
    await openTent()
    fireEvent.change(screen.getByRole('textbox', { name: 'Reply' }), { target: { value: 'Half a sen' } })
    press('j')
    await waitFor(() => expect(fake.data.drafts.map(({ bodyText }) => bodyText)).toEqual(['Half a sen']))
    await screen.findByRole('heading', { level: 1, name: 'Serum arrived broken 😢' })
    expect(screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Reply' }).value).toBe('')
    press('k')
    await waitFor(() =>
      expect(screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Reply' }).value).toBe('Half a sen'),
    )
  })

  test('offers retry and discard for a reply that was not accepted', async () => {
    const { fake } = await openApp()
    await openTent()
    fireEvent.change(screen.getByRole('textbox', { name: 'Reply' }), { target: { value: 'Hello' } })
    fireEvent.click(screen.getByRole('button', { name: 'Send' }))
    await screen.findByText('Waiting to be sent')
    const message = fake.data.threads.flatMap(({ messages }) => messages).find(({ delivery }) => delivery !== null)
    if (message?.delivery == null) throw new Error('no own message')
    const error: ErrorShape = { code: 'vendor_rejected', message: 'The ticket is closed.', action: null, detail: null }
    message.delivery = { ...message.delivery, state: 'failed', error }
    act(() => fake.changed(['a1:50117']))
    await screen.findByText('The ticket is closed.')
    fireEvent.click(screen.getByRole('button', { name: 'Discard' }))
    await waitFor(() => expect(fake.callsOf('outbox.discard')).toEqual([{ id: message.delivery?.commandId }]))
    await waitFor(() => expect(screen.queryByText('The ticket is closed.')).toBeNull())
  })
})

describe('the keyboard', () => {
  test('steps with J and K and solves with E, going on to the next', async () => {
    const { fake, workspace } = await openApp()
    await list()
    press('j')
    await screen.findByRole('heading', { level: 1, name: 'Wrong poles in my Ridge 3 tent' })
    press('e')
    await screen.findByRole('heading', { level: 1, name: 'Serum arrived broken 😢' })
    expect(fake.callsOf('outbox.send')).toEqual([
      { conversationId: 'a1:50117', commands: [{ kind: 'status', status: 'solved', vendorStatusId: null }] },
    ])
    press('k')
    expect(workspace.inbox.getState().openId).toBe('a1:50117')
  })

  test('solves and assigns nothing where the conversation does not allow it, as its buttons do', async () => {
    const { fake, workspace } = await openApp(onlyReplies)
    await openTent()
    expect(screen.queryByRole('button', { name: 'Solve and go to the next' })).toBeNull()
    press('e')
    press('i')
    await act(() => new Promise((resolve) => setTimeout(resolve, 20)))
    expect(fake.callsOf('outbox.send')).toEqual([])
    expect(workspace.inbox.getState().openId).toBe('a1:50117')
  })

  test('solves a conversation that is still being opened only when it allows it', async () => {
    const { fake, workspace } = await openApp(onlyReplies)
    await list()
    press('j')
    press('e')
    press('j')
    press('e')
    await waitFor(() => expect(fake.callsOf('outbox.send')).toHaveLength(1))
    expect(fake.callsOf('outbox.send')[0]?.conversationId).not.toBe('a1:50117')
    expect(workspace.inbox.getState().openId).not.toBe('a1:50117')
  })

  test('does nothing while one types', async () => {
    const { fake, workspace } = await openApp()
    await openTent()
    const field = screen.getByRole('textbox', { name: 'Reply' })
    field.focus()
    press('e')
    press('j')
    expect(workspace.inbox.getState().openId).toBe('a1:50117')
    expect(fake.callsOf('outbox.send')).toEqual([])
  })

  test('reaches views, brands, search and help', async () => {
    const { workspace } = await openApp()
    await list()
    press('g')
    press('m')
    expect(workspace.inbox.getState().filters.assignee).toBe('me')
    press('2', { altKey: true, code: 'Digit2' })
    expect(workspace.inbox.getState().filters.brandId).toBe('lumen')
    press('/')
    expect(document.activeElement).toBe(screen.getByRole('searchbox', { name: 'Search conversations' }))
    act(() => (document.activeElement as HTMLElement).blur())
    press('?')
    expect(await screen.findByRole('dialog', { name: 'Keyboard shortcuts' })).toBeTruthy()
  })
})

describe('the details', () => {
  test('send changes of priority and tags as commands', async () => {
    const { fake } = await openApp()
    await openTent()
    fireEvent.click(screen.getByRole('button', { name: /Priority/ }))
    fireEvent.click(await screen.findByRole('option', { name: 'Urgent' }))
    await waitFor(() => expect(repliesSent(fake)).toEqual([{ kind: 'priority', priority: 'urgent' }]))
    fireEvent.click(screen.getByRole('button', { name: 'Remove tents' }))
    await waitFor(() => expect(repliesSent(fake).at(-1)).toEqual({ kind: 'tags', add: [], remove: ['tents'] }))
    fireEvent.change(screen.getByRole('textbox', { name: 'Add a tag' }), { target: { value: 'vip' } })
    fireEvent.keyDown(screen.getByRole('textbox', { name: 'Add a tag' }), { key: 'Enter' })
    await waitFor(() => expect(repliesSent(fake).at(-1)).toEqual({ kind: 'tags', add: ['vip'], remove: [] }))
  })

  test('are plain words where the account may not write', async () => {
    await openApp(({ data }) => {
      for (const account of data.accounts) account.commands = ['reply']
    })
    await openTent()
    const details = screen.getByRole('complementary', { name: 'Details' })
    expect(within(details).queryByRole('button', { name: /Priority/ })).toBeNull()
    expect(within(details).getByText('High')).toBeTruthy()
    expect(screen.queryByRole('radio', { name: 'Note' })).toBeNull()
  })
})

describe('the window', () => {
  test('welcomes where there is no account', async () => {
    await openApp(({ data }) => Object.assign(data, { accounts: [] }))
    expect(screen.queryByRole('listbox', { name: 'Conversations' })).toBeNull()
    expect(screen.getByRole('button', { name: 'Connect your first account' })).toBeTruthy()
  })

  test('says that it is offline and that work waits', async () => {
    const { fake } = await openApp()
    act(() => fake.emit('app.changed', { ...fake.data.app, online: false }))
    expect(screen.getByText('You are offline.')).toBeTruthy()
    await openTent()
    expect(screen.getByText('Goes out as soon as you are online')).toBeTruthy()
  })

  test('offers the sign-in an account asks for, and shows since when it is not current', async () => {
    const { fake } = await openApp(({ data }) => {
      const [account] = data.accounts
      if (account) account.state = 'needs_sign_in'
    })
    await list()
    expect(screen.getByText(/Not current since/)).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Sign in' }))
    await waitFor(() => expect(fake.callsOf('accounts.reconnect')).toMatchObject([{ accountId: 'a1' }]))
  })

  test('says why a sign-in could not begin, where it was asked for', async () => {
    const { fake } = await openApp(({ data }) => {
      const [account] = data.accounts
      if (account) account.state = 'needs_sign_in'
    })
    await list()
    fake.fail('accounts.reconnect', { code: 'keyring_locked', message: 'It is locked.', action: null, detail: null })
    fireEvent.click(screen.getByRole('button', { name: 'Sign in' }))
    expect(await screen.findByText('It is locked.')).toBeTruthy()
  })

  test('asks for a new key where an account has no sign-in, and never with the failure of an earlier try', async () => {
    const { fake, workspace } = await openApp(useKey)
    await list()
    fake.fail('accounts.reconnect', { code: 'keyring_locked', message: 'It is locked.', action: null, detail: null })
    fireEvent.click(screen.getByRole('button', { name: 'Change the key' }))
    const dialog = within(await screen.findByRole('dialog', { name: /^New API key/ }))
    fireEvent.change(dialog.getByLabelText('API key'), { target: { value: 'k-1' } })
    fireEvent.click(dialog.getByRole('button', { name: 'Check and save' }))
    await waitFor(() => expect(dialog.getByText('It is locked.')).toBeTruthy())
    expect(fake.callsOf('accounts.reconnect')).toEqual([{ accountId: 'a1', key: 'k-1' }])
    fireEvent.click(dialog.getByRole('button', { name: 'Cancel' }))
    fireEvent.click(await screen.findByRole('button', { name: 'Change the key' }))
    await screen.findByRole('dialog', { name: /^New API key/ })
    expect(screen.queryByText('It is locked.')).toBeNull()
    expect(workspace.app.getState().screen).toBe('inbox')
  })

  test('stops at a keyring that cannot protect, and goes on for this session when told', async () => {
    const { fake } = await openApp(({ data }) => {
      data.app.phase = 'keyring'
      data.app.trouble = { code: 'keyring_weak', message: 'No protection here.', action: null, detail: null }
    })
    expect(screen.getByRole('heading', { name: 'No protection here.' })).toBeTruthy()
    expect(fake.callsOf('inbox.list')).toEqual([])
    fireEvent.click(screen.getByRole('button', { name: 'Use for this session only' }))
    await list()
    expect(screen.getByText('For this session only.')).toBeTruthy()
  })

  test('asks before it sets a damaged copy aside', async () => {
    const { fake } = await openApp(({ data }) => {
      data.app.phase = 'store'
      data.app.trouble = { code: 'store_damaged', message: 'The copy is damaged.', action: null, detail: null }
    })
    fireEvent.click(screen.getByRole('button', { name: 'Start a new local copy' }))
    expect(fake.callsOf('app.rebuildStore')).toHaveLength(0)
    fireEvent.click(await screen.findByRole('button', { name: 'Start a new copy' }))
    await list()
  })

  test('shows what main sends it to', async () => {
    const { fake } = await openApp()
    await list()
    act(() => fake.emit('app.navigate', { to: 'conversation', conversationId: 'a2:18822' }))
    await screen.findByRole('heading', { level: 1, name: 'Serum arrived broken 😢' })
  })

  test('lists what is unsent, and tries again from there', async () => {
    const { fake } = await openApp()
    await openTent()
    press('e')
    const button = await screen.findByRole('button', { name: 'Outbox: 1 unsent' })
    fake.data.outbox = fake.data.outbox.map((item) => ({
      ...item,
      state: 'failed' as const,
      error: { code: 'vendor_forbidden' as const, message: 'You may not solve this.', action: null, detail: null },
    }))
    act(() => fake.emit('outbox.changed', fake.data.outbox))
    fireEvent.click(button)
    const panel = await screen.findByRole('dialog', { name: 'Outbox' })
    expect(within(panel).getByText('You may not solve this.')).toBeTruthy()
    fireEvent.click(within(panel).getByRole('button', { name: 'Try again' }))
    await waitFor(() => expect(fake.callsOf('outbox.retry')).toHaveLength(1))
  })
})

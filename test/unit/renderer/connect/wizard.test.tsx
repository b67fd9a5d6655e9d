// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ErrorCode, errorCodes } from '../../../../preload/errors.ts'
import { ConnectAccount } from '../../../../renderer/connect/connect-account.tsx'
import { Welcome } from '../../../../renderer/connect/welcome.tsx'
import { createWorkspace, WorkspaceProvider } from '../../../../renderer/workspace.tsx'
import { createFakeBridge } from '../../../renderer/fake-bridge.ts'
import { fakeHandshake, fakeVendor } from './fake-vendor.ts'

async function open(page = <ConnectAccount />) {
  const fake = createFakeBridge()
  fake.data.vendors = [fakeVendor(), fakeVendor({ id: 'other', name: 'Otherdesk' })]
  const workspace = createWorkspace(fake.bridge)
  await workspace.accounts.getState().load()
  render(<WorkspaceProvider workspace={workspace}>{page}</WorkspaceProvider>)
  return { fake, workspace }
}

const press = (name: string | RegExp) => fireEvent.click(screen.getByRole('button', { name }))
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } })

async function started() {
  const all = await open()
  fireEvent.click(screen.getByRole('option', { name: /^Desk/ }))
  type('Site', 'https://acme.desk.example/agent')
  type('Client ID', 'client')
  type('Client secret', 'secret')
  press('Connect')
  await screen.findByRole('button', { name: 'Show the sign-in window' })
  return all
}

beforeEach(() => {
  // jsdom has no layout: react-aria only asks whether elements scroll.
  Element.prototype.scrollIntoView = () => undefined
})
afterEach(cleanup)

describe('the welcome', () => {
  it('leads to connecting the first account', async () => {
    const { workspace } = await open(<Welcome />)
    press('Connect your first account')
    expect(workspace.app.getState().screen).toBe('connect')
  })
})

describe('the connect wizard', () => {
  it('narrows the helpdesks down while typing', async () => {
    await open()
    fireEvent.change(screen.getByRole('searchbox', { name: 'Search helpdesks' }), { target: { value: 'other' } })
    const list = screen.getByRole('listbox', { name: 'Helpdesks' })
    expect(
      within(list)
        .getAllByRole('option')
        .map((option) => option.textContent),
    ).toEqual([expect.stringContaining('Otherdesk')])
  })

  it('keeps vendors that take a key apart from each other', async () => {
    const complaint = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { workspace } = await open()
    const key = { label: 'API key', help: 'In your profile.', note: 'It works as you.' }
    const vendors = ['One', 'Two', 'Three'].map((name) => fakeVendor({ id: name, name, key }))
    act(() => workspace.accounts.setState({ vendors }))
    const names = () => screen.getAllByRole('option').map((option) => option.textContent)
    expect(names()).toHaveLength(3)
    fireEvent.change(screen.getByRole('searchbox', { name: 'Search helpdesks' }), { target: { value: 'two' } })
    expect(names()).toEqual([expect.stringContaining('Two')])
    expect(complaint).not.toHaveBeenCalled()
    complaint.mockRestore()
  })

  it('shows the registration steps, the redirect URL to copy and the rights in plain words', async () => {
    const { fake } = await open()
    fireEvent.click(screen.getByRole('option', { name: /^Desk/ }))
    expect(screen.getByText('Paste the redirect URL')).toBeTruthy()
    expect(screen.getByText('Read tickets')).toBeTruthy()
    press('Copy Redirect URL')
    expect(fake.data.copied).toEqual(['https://hand.over.example/callback'])
    press(/Open the page at Desk/)
    expect(fake.data.opened).toEqual(['https://desk.example/clients'])
  })

  it('changes the redirect URL to register with the chosen kind', async () => {
    const { fake } = await open()
    fireEvent.click(screen.getByRole('option', { name: /^Desk/ }))
    press(/How to sign in/)
    fireEvent.click(screen.getByRole('radio', { name: /Directly to the app/ }))
    press('Copy Redirect URL')
    expect(fake.data.copied).toEqual(['app.manydesk://oauth/callback'])
  })

  it('marks what is missing and puts the keyboard there', async () => {
    await open()
    fireEvent.click(screen.getByRole('option', { name: /^Desk/ }))
    press('Connect')
    await waitFor(() => expect(screen.getByLabelText('Site').getAttribute('aria-invalid')).toBe('true'))
    expect(document.activeElement).toBe(screen.getByLabelText('Site'))
  })

  it.each([
    ['a choice comes last', ['subdomain', 'region']],
    ['there is nothing to type', []],
  ])('says what is wrong with the site also where %s', async (_case, keys) => {
    const { fake, workspace } = await open()
    const [field] = fakeVendor().siteFields
    if (field === undefined) throw new Error('the vendor has a field')
    const options = [{ value: 'eu', label: 'Europe' }]
    const fields = [field, { ...field, key: 'region', label: 'Region', options }]
    fake.fail('vendors.checkSite', { code: 'site_invalid', message: 'No such site.', action: null, detail: null })
    const siteFields = fields.filter(({ key }) => keys.includes(key))
    act(() => workspace.connect.getState().chooseVendor(fakeVendor({ siteFields })))
    act(() => workspace.connect.getState().typeSite('subdomain', 'acme'))
    await act(() => workspace.connect.getState().checkSite())
    expect(screen.getByText('No such site.')).toBeTruthy()
  })

  it('asks for no client where the organisation provides one', async () => {
    const { workspace } = await open()
    act(() => workspace.connect.getState().chooseVendor(fakeVendor({ providedClients: ['*'] })))
    expect(screen.queryByLabelText('Client ID')).toBeNull()
    press('Use another client')
    expect(screen.getByLabelText('Client ID')).toBeTruthy()
  })

  it('follows the handshake step by step', async () => {
    const { fake } = await started()
    const current = () =>
      screen.getByRole('list', { name: 'Progress of the sign-in' }).querySelector('[aria-current]')?.textContent
    expect(current()).toContain('Waiting for you at')
    act(() => fake.emit('handshake.changed', fakeHandshake({ step: 'verifying' })))
    expect(current()).toContain('Checking with a first call')
    expect(screen.queryByRole('button', { name: 'Show the sign-in window' })).toBeNull()
  })

  it('brings the sign-in window to the front and cancels', async () => {
    const { fake } = await started()
    press('Show the sign-in window')
    press('Cancel')
    await waitFor(() => expect(fake.callsOf('accounts.cancelHandshake')).toEqual([{ attemptId: 'attempt-1' }]))
    expect(fake.callsOf('accounts.showHandshake')).toEqual([{ attemptId: 'attempt-1' }])
  })

  it('can be left while the sign-in goes on, and the next one begins beside it', async () => {
    const { workspace } = await started()
    press('connect another')
    expect(screen.getByRole('listbox', { name: 'Helpdesks' })).toBeTruthy()
    expect(workspace.accounts.getState().handshakes).toHaveLength(1)
  })

  const signIn = errorCodes.filter(
    (code) => code.startsWith('handshake_') || code.endsWith('_rejected') || code === 'offline',
  )
  it.each(signIn)('says what happened, what was kept and what to do for %s', async (code: ErrorCode) => {
    const { fake } = await started()
    const error = { code, message: 'The sentence from main.', action: 'The action from main.', detail: 'HTTP 400' }
    act(() => fake.emit('handshake.changed', fakeHandshake({ step: 'failed', error })))
    expect(screen.getByText('The sentence from main.')).toBeTruthy()
    expect(screen.getByText('The action from main.')).toBeTruthy()
    expect(screen.getByText('What was kept')).toBeTruthy()
    press('Technical details')
    press('Copy details')
    expect(fake.data.copied.at(-1)).toBe(`${code}\nHTTP 400`)
  })

  it('opens the filled form again with "Edit client"', async () => {
    const { fake } = await started()
    const error = { code: 'client_rejected' as const, message: 'No.', action: null, detail: null }
    act(() => fake.emit('handshake.changed', fakeHandshake({ step: 'failed', error })))
    press('Edit client')
    expect(screen.getByLabelText<HTMLInputElement>('Client ID').value).toBe('client')
  })

  it('ends with the brand: a new one is saved, given to the account, and the inbox opens', async () => {
    const { fake, workspace } = await started()
    const first = fake.data.accounts[0]
    if (first === undefined) throw new Error('the fake has accounts')
    fake.data.accounts = [...fake.data.accounts, { ...first, id: 'fresh', brandId: null }]
    act(() => {
      fake.emit('accounts.changed', fake.data.accounts)
      fake.emit('handshake.changed', fakeHandshake({ step: 'done', accountId: 'fresh' }))
    })
    type('Brand name', 'Juniper Goods')
    fireEvent.click(screen.getByRole('radio', { name: 'Teal' }))
    press('Go to inbox')
    await waitFor(() => expect(workspace.app.getState().screen).toBe('inbox'))
    const [saved] = fake.callsOf('brands.save')
    expect(saved).toMatchObject({
      id: null,
      name: 'Juniper Goods',
      monogram: 'JG',
      color: '#0f766e',
      replyName: 'Juniper Goods',
    })
    const brand = fake.data.brands.find(({ name }) => name === 'Juniper Goods')
    expect(fake.callsOf('accounts.setBrand')).toEqual([{ accountId: 'fresh', brandId: brand?.id }])
  })

  it('asks nothing more after a known account has signed in again', async () => {
    const { fake } = await started()
    act(() =>
      fake.emit('handshake.changed', fakeHandshake({ step: 'done', accountId: fake.data.accounts[0]?.id ?? '' })),
    )
    expect(screen.getByRole('heading', { name: 'Signed in again' })).toBeTruthy()
    expect(screen.queryByLabelText('Brand name')).toBeNull()
  })
})

describe('a key in place of a sign-in', () => {
  const key = { label: 'API key', help: 'In your profile.', note: 'It works as you.' }
  const refused = {
    code: 'needs_sign_in' as const,
    message: 'Desk did not accept this API key.',
    action: null,
    detail: null,
  }
  const vendor = fakeVendor({ key, ways: ['key'], redirects: [], scopes: [] })

  async function connecting() {
    const all = await open()
    act(() => {
      all.workspace.accounts.setState({ vendors: [vendor] })
      all.workspace.connect.getState().chooseVendor(vendor)
    })
    type('Site', 'acme')
    type('API key', 'k-wrong')
    press('Connect')
    await screen.findByRole('list', { name: 'Progress of the sign-in' })
    return all
  }

  it('that was refused is changed in the form as it was filled', async () => {
    const { fake } = await connecting()
    act(() => fake.emit('handshake.changed', fakeHandshake({ way: 'key', step: 'failed', error: refused })))
    expect(screen.getByRole('heading', { name: 'The key was not accepted' })).toBeTruthy()
    press('Change the key')
    expect(screen.getByLabelText<HTMLInputElement>('Site').value).toBe('acme')
    type('API key', 'k-right')
    press('Connect')
    await waitFor(() => expect(fake.callsOf('accounts.connect').at(-1)).toMatchObject({ way: 'key', key: 'k-right' }))
  })

  it('is never spoken of as a sign-in', async () => {
    const { fake } = await connecting()
    const words = () => screen.getByRole('main').textContent
    expect(words()).not.toMatch(/sign(ed)?[ -]in|log in/i)
    act(() => fake.emit('handshake.changed', fakeHandshake({ way: 'key', step: 'failed', error: refused })))
    expect(words()).not.toMatch(/sign(ed)?[ -]in|log in/i)
    press('Change the key')
    await waitFor(() => expect(screen.getByText('acme', { selector: 'strong' })).toBeTruthy())
    expect(words()).not.toMatch(/sign(ed)?[ -]in|log in/i)
  })

  it('of a known account is asked for again, and the refused try is settled with the new one', async () => {
    const { fake, workspace } = await open()
    const failed = fakeHandshake({ way: 'key', step: 'failed', accountId: 'a1', error: refused })
    act(() => {
      fake.emit('handshake.changed', failed)
      workspace.connect.getState().showAttempt(failed.attemptId)
    })
    press('Change the key')
    expect(workspace.accounts.getState().keyAskedFor).toBe('a1')
    expect(fake.callsOf('accounts.reconnect')).toEqual([])
    fake.data.handshakes = [failed]
    await act(() =>
      workspace.accounts
        .getState()
        .reconnect('a1', { key: 'k-right' })
        .then(() => undefined),
    )
    expect(workspace.accounts.getState().dismissed).toEqual([failed.attemptId])
  })
})

describe('the keyboard in the wizard', () => {
  it('is never left behind when the page moves on', async () => {
    const { fake } = await started()
    expect(document.activeElement).not.toBe(document.body)
    screen.getByRole('button', { name: 'Show the sign-in window' }).focus()
    act(() => fake.emit('handshake.changed', fakeHandshake({ step: 'exchanging' })))
    expect(document.activeElement).not.toBe(document.body)
  })

  it('leaves a running sign-in with Escape and keeps it listed', async () => {
    const { workspace } = await started()
    fireEvent.keyDown(screen.getByRole('main'), { key: 'Escape' })
    expect(workspace.app.getState().screen).toBe('accounts')
    expect(workspace.accounts.getState().handshakes).toHaveLength(1)
  })

  it('does not throw typed values away with Escape', async () => {
    const { workspace } = await open()
    fireEvent.click(screen.getByRole('option', { name: /^Desk/ }))
    fireEvent.keyDown(screen.getByLabelText('Site'), { key: 'Escape' })
    expect(workspace.connect.getState().step.name).toBe('client')
  })
})

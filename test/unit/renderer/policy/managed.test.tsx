// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AccountsPage } from '../../../../renderer/accounts/accounts-page.tsx'
import { App } from '../../../../renderer/app.tsx'
import { AuditTab } from '../../../../renderer/audit/audit-tab.tsx'
import { ConnectAccount } from '../../../../renderer/connect/connect-account.tsx'
import { TraceList } from '../../../../renderer/connect/trace-list.tsx'
import { Welcome } from '../../../../renderer/connect/welcome.tsx'
import { AttachmentList } from '../../../../renderer/inbox/attachment-list.tsx'
import { ManagedLock } from '../../../../renderer/policy/managed.tsx'
import { PolicyDialog } from '../../../../renderer/policy/policy-dialog.tsx'
import { createWorkspace, WorkspaceProvider } from '../../../../renderer/workspace.tsx'
import { createFakeBridge, type FakeBridge } from '../../../renderer/fake-bridge.ts'
import { manage } from '../../../renderer/scenarios-policy.ts'

async function open(page: React.ReactNode, prepare: (fake: FakeBridge) => void = manage) {
  const fake = createFakeBridge()
  prepare(fake)
  const workspace = createWorkspace(fake.bridge)
  workspace.policy.getState().start()
  await workspace.accounts.getState().load()
  render(
    <WorkspaceProvider workspace={workspace}>
      {page}
      <PolicyDialog />
    </WorkspaceProvider>,
  )
  return { fake, workspace }
}

/** What a screen reader says after the name. */
function descriptionOf(element: HTMLElement): string {
  const ids = element.getAttribute('aria-describedby')?.split(' ') ?? []
  return ids.map((id) => document.getElementById(id)?.textContent ?? '').join(' ')
}

beforeEach(() => {
  Element.prototype.scrollIntoView = () => undefined
  // Nor does it know media: the theme asks.
  vi.stubGlobal('matchMedia', () => Object.assign(new EventTarget(), { matches: false }))
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

describe('a managed workstation', () => {
  it('says so on the accounts page, and shows its rules with reasons in plain words', async () => {
    await open(<AccountsPage />)
    expect(screen.getByText('This workstation is managed by your organisation.')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Show the rules' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'Managed by your organisation' }))
    expect(dialog.getByText('API keys are not allowed.')).toBeTruthy()
    expect(dialog.getByText('They act as a person for ever.')).toBeTruthy()
    expect(dialog.getByText(/it@acme.example/)).toBeTruthy()
  })

  it('says nothing where nobody manages it', async () => {
    await open(<AccountsPage />, () => undefined)
    expect(screen.queryByText(/managed by your organisation/i)).toBeNull()
  })

  it('shows why an account cannot be removed, reconnected or given to another user, within reach of the keyboard, and does neither', async () => {
    const { fake } = await open(<AccountsPage />)
    const [menu] = screen.getAllByRole('button', { name: 'More actions' })
    if (menu === undefined) throw new Error('no account is listed')
    fireEvent.click(menu)
    const items = await screen.findAllByRole('menuitem')
    const locked = items.filter((item) => item.textContent?.includes('Managed by your organisation.'))
    const names = locked.map(
      (item) => item.textContent?.match(/^(Reconnect|Switch user|Replace the client secret|Remove)/)?.[0],
    )
    expect(names).toEqual(['Reconnect', 'Switch user', 'Replace the client secret', 'Remove'])
    for (const item of locked) expect(item.getAttribute('aria-disabled')).toBeNull()
    const remove = locked.at(-1)
    if (remove === undefined) throw new Error('Remove is there')
    fireEvent.click(remove)
    expect(await screen.findByRole('dialog', { name: 'Managed by your organisation' })).toBeTruthy()
    expect(fake.callsOf('accounts.remove')).toEqual([])
  })

  it('has a button in the place of Reconnect that can be reached, does nothing and says why', async () => {
    const { fake } = await open(<AccountsPage />)
    const reconnect = screen.getByRole('button', { name: 'Reconnect' })
    expect(reconnect.getAttribute('aria-disabled')).toBe('true')
    expect(reconnect.hasAttribute('disabled')).toBe(false)
    expect(descriptionOf(reconnect)).toContain('Managed by your organisation.')
    expect(descriptionOf(reconnect)).toContain('The whole team works with it.')
    fireEvent.click(reconnect)
    expect(fake.callsOf('accounts.reconnect')).toEqual([])
  })

  it('names the helpdesks that cannot be connected, and why, also for those who go by keyboard', async () => {
    await open(<ConnectAccount />)
    const forbidden = screen.getAllByRole('option').filter((option) => option.getAttribute('aria-disabled') === 'true')
    expect(forbidden.length).toBeGreaterThan(0)
    for (const card of forbidden) expect(card.textContent).toContain('Managed by your organisation.')
    expect(screen.getByText(/helpdesks? cannot be connected here/)).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Show the rules' })).toBeTruthy()
  })

  it('asks for no client where one is provided, and offers no other', async () => {
    const { workspace } = await open(<ConnectAccount />)
    const [vendor] = workspace.accounts.getState().vendors
    if (vendor === undefined) throw new Error('there is a vendor')
    act(() => {
      workspace.connect.getState().chooseVendor(vendor)
      workspace.connect.getState().edit({ ownClient: true })
    })
    expect(screen.getByText('OAuth client provided by your organisation')).toBeTruthy()
    expect(screen.queryByLabelText('Client ID')).toBeNull()
    expect(screen.queryByRole('button', { name: 'Use another client' })).toBeNull()
  })

  it('says why ways to sign in and rights are not there, in their places', async () => {
    const { workspace } = await open(<ConnectAccount />, (fake) => {
      manage(fake)
      const withheld = { ways: 'Only where your security key works.', scopes: 'Nobody deletes.' }
      fake.data.vendors = fake.data.vendors.map((vendor) => ({ ...vendor, withheld }))
    })
    const [vendor] = workspace.accounts.getState().vendors
    if (vendor === undefined) throw new Error('there is a vendor')
    act(() => workspace.connect.getState().chooseVendor(vendor))
    expect(screen.getByText('Managed by your organisation. Only where your security key works.')).toBeTruthy()
    const rights = screen.getByRole('region', { name: 'You will be asked to allow' })
    expect(rights.textContent).toContain('Managed by your organisation. Nobody deletes.')
  })

  it('says why it is locked', async () => {
    const reason = 'Our desks are open to visitors.'
    const { workspace } = await open(<ManagedLock>The lock stays on.</ManagedLock>, (fake) => {
      fake.data.policy = {
        ...fake.data.policy,
        appLock: { afterMinutes: 5, withSystemLock: true, reason },
      }
    })
    await waitFor(() => expect(workspace.policy.getState().policy).not.toBeNull())
    expect(screen.getByText(`Managed by your organisation. The lock stays on. ${reason}`)).toBeTruthy()
  })

  it('saves no traces and no attachments, and says why in their place', async () => {
    const fake = createFakeBridge()
    const message = fake.data.threads.flatMap(({ messages }) => messages).find((one) => one.attachments.length > 0)
    if (message === undefined) throw new Error('a message has an attachment')
    const all = await open(
      <>
        <TraceList attemptId="attempt-1" />
        <AttachmentList message={message} />
      </>,
    )
    const save = await screen.findByRole('button', { name: 'Save as HAR file' })
    expect(save.getAttribute('aria-disabled')).toBe('true')
    fireEvent.click(save)
    const [file] = screen.getAllByRole('button', { name: /Managed by your organisation/ })
    if (file === undefined) throw new Error('the attachment is named')
    fireEvent.click(file)
    expect(all.fake.callsOf('accounts.saveTrace')).toEqual([])
    expect(all.fake.callsOf('inbox.download')).toEqual([])
  })
})

describe('where exports are forbidden', () => {
  it('the audit log can be read, and its button says why it does nothing', async () => {
    const { fake } = await open(<AuditTab />)
    const save = await screen.findByRole('button', { name: 'Export' })
    expect(save.getAttribute('aria-disabled')).toBe('true')
    expect(descriptionOf(save)).toBe(
      'Managed by your organisation. Your organisation does not allow saving this as a file.',
    )
    fireEvent.click(save)
    expect(fake.callsOf('audit.export')).toEqual([])
    expect(await screen.findByRole('region', { name: 'Entries of the audit log' })).toBeTruthy()
  })

  it('the item for accounts and brands says why and leads to the rules', async () => {
    const { fake } = await open(<AccountsPage />)
    fireEvent.click(screen.getByRole('button', { name: 'Export, import and lock' }))
    const item = await screen.findByRole('menuitem', { name: /^Export accounts/ })
    expect(item.textContent).toContain('Managed by your organisation.')
    fireEvent.click(item)
    expect(await screen.findByRole('dialog', { name: 'Managed by your organisation' })).toBeTruthy()
    expect(fake.callsOf('moving.export')).toEqual([])
  })
})

describe('a workstation without any account', () => {
  const empty = (fake: FakeBridge) => {
    manage(fake)
    Object.assign(fake.data, { accounts: [], brands: [], threads: [] })
  }

  it('says that it is managed, and shows the rules', async () => {
    await open(<Welcome />, empty)
    expect(screen.getByText('This workstation is managed by your organisation.')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Show the rules' }))
    expect(await screen.findByText('API keys are not allowed.')).toBeTruthy()
  })

  it('leads to the audit log and back', async () => {
    const fake = createFakeBridge()
    empty(fake)
    render(<App workspace={createWorkspace(fake.bridge)} />)
    fireEvent.click(await screen.findByRole('button', { name: 'Audit log' }))
    expect(await screen.findByRole('region', { name: 'Entries of the audit log' })).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Back to inbox' }))
    expect(await screen.findByRole('button', { name: 'Connect your first account' })).toBeTruthy()
  })
})

describe('a policy that cannot be read', () => {
  const broken = [
    {
      file: '/etc/manydesk/policy.json',
      line: 3,
      column: 5,
      path: 'vendors.alowed',
      message: '"alowed" is not known.',
    },
  ]

  it('takes the whole window, with file, line, field and reason, and goes when it is corrected', async () => {
    const fake = createFakeBridge()
    fake.data.policy = { ...fake.data.policy, managed: true, broken }
    render(<App workspace={createWorkspace(fake.bridge)} />)
    expect(
      await screen.findByRole('heading', { name: 'This workstation is managed, and its policy cannot be read' }),
    ).toBeTruthy()
    expect(screen.getByText('/etc/manydesk/policy.json, line 3, column 5: vendors.alowed')).toBeTruthy()
    expect(screen.getByText('"alowed" is not known.')).toBeTruthy()
    expect(screen.getByTestId('app').getAttribute('aria-busy')).toBe('false')
    const names = screen.getAllByRole('button').map((button) => button.textContent)
    expect(names).toEqual(['Try again', 'Copy', 'Show the log file'])

    fake.data.policy = { ...fake.data.policy, broken: null }
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    await waitFor(() => expect(screen.queryByText(/its policy cannot be read/)).toBeNull())
  })

  it('comes over whatever is shown when the policy goes bad while the app runs', async () => {
    const fake = createFakeBridge()
    render(<App workspace={createWorkspace(fake.bridge)} />)
    await waitFor(() => expect(screen.getByTestId('app').getAttribute('aria-busy')).toBe('false'))
    act(() => fake.emit('policy.changed', { ...fake.data.policy, managed: true, broken }))
    expect(screen.getByText(/its policy cannot be read/)).toBeTruthy()
    expect(screen.queryByRole('listbox')).toBeNull()
  })
})

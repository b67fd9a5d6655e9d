// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { AccountsPage } from '../../../../renderer/accounts/accounts-page.tsx'
import { HandshakeDock } from '../../../../renderer/connect/handshake-dock.tsx'
import { createWorkspace, WorkspaceProvider } from '../../../../renderer/workspace.tsx'
import { createFakeBridge, type FakeBridge } from '../../../renderer/fake-bridge.ts'
import { fakeHandshake } from '../connect/fake-vendor.ts'

async function open(prepare: (fake: FakeBridge) => void = () => undefined, page = <AccountsPage />) {
  const fake = createFakeBridge()
  prepare(fake)
  const workspace = createWorkspace(fake.bridge)
  await workspace.accounts.getState().load()
  render(<WorkspaceProvider workspace={workspace}>{page}</WorkspaceProvider>)
  return { fake, workspace }
}

const rows = () =>
  screen.getAllByRole('listitem').filter((item) => within(item).queryByRole('button', { name: 'More actions' }))
const firstRow = () => {
  const [row] = rows()
  if (row === undefined) throw new Error('no account is listed')
  return row
}
async function choose(action: string) {
  fireEvent.click(within(firstRow()).getByRole('button', { name: 'More actions' }))
  fireEvent.click(await screen.findByRole('menuitem', { name: action }))
}

afterEach(cleanup)

describe('the accounts page', () => {
  it('lists every account under its brand', async () => {
    const { fake } = await open()
    expect(rows()).toHaveLength(fake.data.accounts.length)
    for (const brand of fake.data.brands) expect(screen.getByRole('heading', { name: brand.name })).toBeTruthy()
  })

  it('teaches the next step while there is no account', async () => {
    const { workspace } = await open(({ data }) => Object.assign(data, { accounts: [] }))
    fireEvent.click(screen.getByRole('button', { name: 'Connect your first account' }))
    expect(workspace.app.getState().screen).toBe('connect')
  })

  it('says why the accounts cannot be shown and tries again', async () => {
    const error = { code: 'file_failed' as const, message: 'The list could not be read.', action: null, detail: null }
    const { fake } = await open((all) => all.fail('accounts.list', error))
    expect(screen.getByText('The list could not be read.')).toBeTruthy()
    fake.heal('accounts.list')
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    await waitFor(() => expect(rows()).toHaveLength(fake.data.accounts.length))
  })

  it('opens the details of an account: rights, renewal and routing', async () => {
    await open(({ data }) => {
      const [account] = data.accounts
      if (account === undefined) return
      account.accessExpiresAt = Date.now() + 24 * 60_000
      account.scopes = [{ id: 'write', reason: 'Send replies', granted: false }]
      account.vendorBrands = [{ key: 'k1', name: 'Outlet', brandId: null }]
    })
    const toggle = within(firstRow()).getAllByRole('button')[0]
    if (toggle === undefined) throw new Error('the row has a button')
    fireEvent.click(toggle)
    const row = within(firstRow())
    expect(row.getByText('Renews by itself in 24 min.')).toBeTruthy()
    expect(row.getByText('Send replies')).toBeTruthy()
    expect(row.getByText('not given')).toBeTruthy()
    expect(row.getByRole('button', { name: /Conversations of Outlet go to/ })).toBeTruthy()
  })

  it('shows what the vendor asked for and signs in again', async () => {
    const { fake, workspace } = await open(({ data }) => {
      const [account] = data.accounts
      if (account === undefined) return
      account.state = 'needs_sign_in'
      account.trouble = {
        code: 'needs_sign_in',
        message: 'Sign in again, please.',
        action: null,
        detail: 'invalid_grant',
      }
    })
    expect(screen.getByText('Sign in again, please.')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Reconnect' }))
    await waitFor(() => expect(workspace.app.getState().screen).toBe('connect'))
    expect(fake.callsOf('accounts.reconnect')).toEqual([{ accountId: fake.data.accounts[0]?.id }])
    expect(workspace.connect.getState().step).toMatchObject({ name: 'sign-in', attemptId: 'attempt-1' })
  })

  it('pauses and resumes', async () => {
    await open()
    await choose('Pause')
    await waitFor(() => expect(within(firstRow()).getByText('Paused')).toBeTruthy())
    await choose('Resume')
    await waitFor(() => expect(within(firstRow()).queryByText('Paused')).toBeNull())
  })

  it('asks before it removes, then says what happened at the vendor', async () => {
    const { fake } = await open()
    const before = rows().length
    await choose('Remove')
    const dialog = within(await screen.findByRole('alertdialog'))
    expect(dialog.getByText(/is revoked/)).toBeTruthy()
    expect(fake.callsOf('accounts.remove')).toEqual([])
    fireEvent.click(dialog.getByRole('button', { name: 'Remove account' }))
    await waitFor(() =>
      expect(screen.getByRole('list', { name: 'Removed accounts' }).textContent).toContain('has ended'),
    )
    expect(rows()).toHaveLength(before - 1)
  })

  it('warns that unsent answers would be lost with the account', async () => {
    const { fake, workspace } = await open()
    const thread = fake.data.threads.find(({ conversation }) => conversation.accountId === fake.data.accounts[0]?.id)
    if (thread === undefined) throw new Error('the fake has conversations')
    await fake.bridge.outbox.send({
      conversationId: thread.conversation.id,
      commands: [{ kind: 'reply', bodyText: 'Hello', bodyHtml: '<p>Hello</p>' }],
    })
    act(() => workspace.app.setState({ outbox: fake.data.outbox }))
    await choose('Remove')
    expect(within(await screen.findByRole('alertdialog')).getByText(/have not been sent/)).toBeTruthy()
  })

  it('lists running and failed sign-ins on top, and lets them be cancelled or put away', async () => {
    const error = { code: 'handshake_denied' as const, message: 'Refused.', action: null, detail: null }
    const { fake } = await open(({ data }) => {
      data.handshakes = [
        fakeHandshake({ expiresAt: Date.now() + 60_000 }),
        fakeHandshake({ attemptId: 'attempt-2', siteLabel: 'other.desk.example', step: 'failed', error }),
      ]
    })
    const list = within(screen.getByRole('list', { name: 'Signing in' }))
    expect(list.getByText(/Access was not granted/)).toBeTruthy()
    fireEvent.click(list.getByRole('button', { name: 'Dismiss' }))
    expect(list.queryByText('other.desk.example')).toBeNull()
    fireEvent.click(list.getByRole('button', { name: 'Cancel' }))
    await waitFor(() => expect(screen.queryByRole('list', { name: 'Signing in' })).toBeNull())
    expect(fake.callsOf('accounts.cancelHandshake')).toEqual([{ attemptId: 'attempt-1' }])
  })

  it('finds accounts by what is typed and says when there is none', async () => {
    const { fake } = await open(({ data }) => {
      const [account] = data.accounts
      if (account !== undefined)
        data.accounts = [...data.accounts, { ...account, id: 'extra', siteLabel: 'needle.example' }]
    })
    const search = screen.getByLabelText('Search accounts')
    fireEvent.change(search, { target: { value: 'needle' } })
    expect(rows()).toHaveLength(1)
    fireEvent.change(search, { target: { value: 'nowhere' } })
    fireEvent.click(screen.getByRole('button', { name: 'Show all accounts' }))
    expect(rows()).toHaveLength(fake.data.accounts.length)
  })
})

describe('the brands tab', () => {
  const openBrands = async (prepare?: (fake: FakeBridge) => void) => {
    const all = await open(prepare)
    fireEvent.click(screen.getByRole('tab', { name: /Brands/ }))
    return all
  }
  const act1 = async (brand: string, action: string) => {
    fireEvent.click(screen.getByRole('button', { name: `Actions for ${brand}` }))
    fireEvent.click(await screen.findByRole('menuitem', { name: action }))
  }

  it('moves a brand down the rail', async () => {
    const { fake } = await openBrands()
    const [first, second] = fake.data.brands
    await act1(first?.name ?? '', 'Move down')
    await waitFor(() => expect(fake.callsOf('brands.reorder')[0]?.ids.slice(0, 2)).toEqual([second?.id, first?.id]))
  })

  it('explains why a brand in use cannot be removed', async () => {
    const { fake } = await openBrands()
    await act1(fake.data.brands[0]?.name ?? '', 'Remove')
    expect(await screen.findByRole('dialog', { name: /is in use/ })).toBeTruthy()
    expect(fake.callsOf('brands.remove')).toEqual([])
  })

  it('removes a brand nobody uses', async () => {
    const { fake } = await openBrands(({ data }) => {
      data.accounts = data.accounts.map((account) => ({ ...account, brandId: null, vendorBrands: [] }))
    })
    const [first] = fake.data.brands
    await act1(first?.name ?? '', 'Remove')
    fireEvent.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Remove brand' }))
    await waitFor(() => expect(fake.callsOf('brands.remove')).toEqual([{ id: first?.id }]))
  })

  it('saves what was edited, and keeps the dialog open with the reason when that fails', async () => {
    const { fake } = await openBrands()
    fake.fail('brands.save', { code: 'file_failed', message: 'The disk said no.', action: null, detail: null })
    await act1(fake.data.brands[0]?.name ?? '', 'Edit')
    const dialog = within(await screen.findByRole('dialog', { name: /^Edit/ }))
    fireEvent.change(dialog.getByLabelText('Brand name'), { target: { value: 'Renamed' } })
    fireEvent.click(dialog.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(dialog.getByText('The disk said no.')).toBeTruthy())
    fake.heal('brands.save')
    fireEvent.click(dialog.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(fake.data.brands[0]?.name).toBe('Renamed')
  })
})

describe('the dock', () => {
  it('shows running sign-ins on the inbox and leads back to them', async () => {
    const { workspace } = await open(
      ({ data }) => Object.assign(data, { handshakes: [fakeHandshake()] }),
      <HandshakeDock />,
    )
    fireEvent.click(screen.getByRole('button', { name: 'Show' }))
    expect(workspace.connect.getState().step).toMatchObject({ name: 'sign-in', attemptId: 'attempt-1' })
    expect(workspace.app.getState().screen).toBe('connect')
  })

  it('is not there when nothing runs', async () => {
    await open(undefined, <HandshakeDock />)
    expect(screen.queryByRole('region', { name: 'Sign-ins under way' })).toBeNull()
  })
})

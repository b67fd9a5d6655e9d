// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import type { AccountView, VendorView } from '../../../../preload/contract.ts'
import { AccountsPage } from '../../../../renderer/accounts/accounts-page.tsx'
import { withIssuer } from '../../../../renderer/state/connectors.ts'
import { createWorkspace, WorkspaceProvider } from '../../../../renderer/workspace.tsx'
import { createFakeBridge } from '../../../renderer/fake-bridge.ts'

async function open(
  change: Partial<AccountView> = {},
  unsent = false,
  vendor: (known: VendorView) => VendorView = (known) => known,
) {
  const fake = createFakeBridge()
  fake.data.vendors = fake.data.vendors.map(vendor)
  const [account] = fake.data.accounts
  if (account === undefined) throw new Error('there is no account')
  Object.assign(account, change)
  const workspace = createWorkspace(fake.bridge)
  const [item] = workspace.app.getState().outbox
  if (unsent) {
    const waiting = { ...(item ?? {}), id: 'o1', accountId: account.id, state: 'queued' }
    workspace.app.setState({ outbox: [waiting as (typeof fake.data.outbox)[number]] })
  } else workspace.app.setState({ outbox: [] })
  await workspace.accounts.getState().load()
  render(
    <WorkspaceProvider workspace={workspace}>
      <AccountsPage />
    </WorkspaceProvider>,
  )
  const row = screen.getByRole('listitem', { name: `${account.user.name} at ${account.siteLabel}` })
  return { fake, account, row }
}
const menu = async (row: HTMLElement, action: string) => {
  fireEvent.click(within(row).getByRole('button', { name: 'More actions' }))
  return screen.findByRole('menuitem', { name: action }).then((item) => fireEvent.click(item))
}

afterEach(cleanup)

describe('a right that was not given', () => {
  it('is asked for alone', async () => {
    const scopes = [
      { id: 'read', reason: 'Read tickets', granted: true },
      { id: 'write', reason: 'Send replies', granted: false, optional: true },
    ]
    const { fake, account, row } = await open({ scopes, way: 'auth-window' })
    fireEvent.click(within(row).getByRole('button', { expanded: false, name: new RegExp(account.user.name) }))
    fireEvent.click(within(row).getByRole('button', { name: 'Allow: Send replies' }))
    await waitFor(() =>
      expect(fake.callsOf('accounts.reconnect')).toEqual([{ accountId: account.id, scopes: ['write'] }]),
    )
  })
})

describe('switching the user', () => {
  it('asks first, says what goes, and then signs in', async () => {
    const { fake, account, row } = await open({ way: 'auth-window' })
    await menu(row, 'Switch user')
    const dialog = await screen.findByRole('alertdialog')
    expect(within(dialog).getByText(/conversations cached here as/)).toBeTruthy()
    expect(fake.callsOf('accounts.reconnect')).toEqual([])
    fireEvent.click(within(dialog).getByRole('button', { name: 'Sign in as somebody else' }))
    await waitFor(() =>
      expect(fake.callsOf('accounts.reconnect')).toEqual([{ accountId: account.id, switchUser: true }]),
    )
  })

  it('waits for what has not been sent', async () => {
    const { row } = await open({ way: 'auth-window' }, true)
    await menu(row, 'Switch user')
    const dialog = await screen.findByRole('alertdialog')
    expect(within(dialog).getByRole('button', { name: 'Sign in as somebody else' }).hasAttribute('disabled')).toBe(true)
  })

  it.each(['key', 'client-credentials', 'jwt-bearer'] as const)(
    'is not offered where nobody signs in (%s)',
    async (way) => {
      const { row } = await open({ way })
      fireEvent.click(within(row).getByRole('button', { name: 'More actions' }))
      await screen.findByRole('menuitem', { name: 'Remove' })
      expect(screen.queryByRole('menuitem', { name: 'Switch user' })).toBeNull()
    },
  )
})

describe('asking for the rights again', () => {
  it('is offered where the vendor can be made to ask, and asks for all of them', async () => {
    const { fake, account, row } = await open({ way: 'auth-window', asksRights: true })
    await menu(row, 'Ask for the rights again')
    await waitFor(() =>
      expect(fake.callsOf('accounts.reconnect')).toEqual([{ accountId: account.id, askRights: true }]),
    )
  })

  it('is not offered where it would be a reconnect like any other', async () => {
    const { row } = await open({ way: 'auth-window' })
    fireEvent.click(within(row).getByRole('button', { name: 'More actions' }))
    await screen.findByRole('menuitem', { name: 'Reconnect' })
    expect(screen.queryByRole('menuitem', { name: 'Ask for the rights again' })).toBeNull()
  })
})

describe('replacing the client secret', () => {
  it('tries the new one, tells that it was taken, and where the day on which it ends is entered', async () => {
    const { fake, account, row } = await open({ way: 'auth-window' })
    await menu(row, 'Replace the client secret')
    const dialog = await screen.findByRole('dialog')
    fireEvent.change(within(dialog).getByLabelText('New client secret'), { target: { value: ' s3cret ' } })
    fireEvent.click(within(dialog).getByRole('button', { name: 'Try and save' }))
    await within(dialog).findByText(
      'The new secret was accepted and is used from now on. The day on which it ends can be entered on the health page.',
    )
    expect(fake.callsOf('accounts.replaceSecret')).toEqual([{ accountId: account.id, clientSecret: 's3cret' }])
  })

  it('says why a secret was refused, and keeps what was typed', async () => {
    const { fake, row } = await open({ way: 'auth-window' })
    fake.fail('accounts.replaceSecret', {
      code: 'client_rejected',
      message: 'Not this one.',
      action: null,
      detail: null,
    })
    await menu(row, 'Replace the client secret')
    const dialog = await screen.findByRole('dialog')
    const field = within(dialog).getByLabelText<HTMLInputElement>('New client secret')
    fireEvent.change(field, { target: { value: 'wrong' } })
    fireEvent.click(within(dialog).getByRole('button', { name: 'Try and save' }))
    await within(dialog).findByText('Not this one.')
    expect(field.value).toBe('wrong')
  })

  it('is not offered for a key, nor for a client of the organisation', async () => {
    const { row } = await open({ way: 'key' })
    fireEvent.click(within(row).getByRole('button', { name: 'More actions' }))
    await screen.findByRole('menuitem', { name: 'Remove' })
    expect(screen.queryByRole('menuitem', { name: 'Replace the client secret' })).toBeNull()
    cleanup()
    const managed = await open({ way: 'auth-window' }, false, (vendor) => ({ ...vendor, lockedClients: ['*'] }))
    await menu(managed.row, 'Replace the client secret')
    expect(screen.queryByRole('dialog', { name: /^New client secret/ })).toBeNull()
  })
})

describe('a right that was given and is forbidden', () => {
  it('is shown as not used', async () => {
    const scopes = [{ id: 'write', reason: 'Send replies', granted: true, forbidden: true }]
    const { account, row } = await open({ scopes, way: 'auth-window' })
    fireEvent.click(within(row).getByRole('button', { expanded: false, name: new RegExp(account.user.name) }))
    expect(within(row).getByText('given, not used')).toBeTruthy()
    expect(
      within(row).getByText(
        `${account.vendorName} gave more than your organisation allows. What is too much is not used.`,
      ),
    ).toBeTruthy()
  })
})

describe('signing out everywhere', () => {
  it('asks first, and then lists what became of each', async () => {
    const { fake } = await open()
    fireEvent.click(screen.getByRole('button', { name: 'Sign out everywhere' }))
    const dialog = await screen.findByRole('alertdialog')
    expect(fake.callsOf('accounts.signOutEverywhere')).toEqual([])
    fireEvent.click(within(dialog).getByRole('button', { name: 'Sign out everywhere' }))
    await within(dialog).findByText(/the site confirmed that the access has ended/)
    expect(within(dialog).getAllByRole('definition')).toHaveLength(fake.data.accounts.length)
  })
})

describe('an account that the organisation has locked', () => {
  const locked = { remove: 'It must stay.', reconnect: null }

  it('goes on when all others are signed out, and is told', async () => {
    const { account } = await open({ locked })
    fireEvent.click(screen.getByRole('button', { name: 'Sign out everywhere' }))
    const dialog = await screen.findByRole('alertdialog')
    expect(within(dialog).getByText('1 accounts, which your organisation has locked.')).toBeTruthy()
    fireEvent.click(within(dialog).getByRole('button', { name: 'Sign out everywhere' }))
    await within(dialog).findByText(
      `${account.user.name}: still signed in. Managed by your organisation. It must stay.`,
    )
  })

  it('cannot get another user', async () => {
    const { row } = await open({ locked, way: 'auth-window' })
    await menu(row, 'Switch user')
    expect(screen.queryByRole('alertdialog')).toBeNull()
  })

  it('is asked for no more rights where it cannot be reconnected', async () => {
    const scopes = [{ id: 'write', reason: 'Send replies', granted: false, optional: true }]
    const { account, row } = await open({ scopes, way: 'auth-window', locked: { remove: null, reconnect: 'No.' } })
    fireEvent.click(within(row).getByRole('button', { expanded: false, name: new RegExp(account.user.name) }))
    expect(within(row).getByText('Some rights were not given. Managed by your organisation. No.')).toBeTruthy()
    expect(within(row).queryByRole('button', { name: 'Allow: Send replies' })).toBeNull()
  })
})

describe('an account of the organisation', () => {
  it.each([
    ['client-credentials', 'Client secret: acts as the organisation, not as a person'],
    ['jwt-bearer', 'Private key: acts as the organisation, not as a person'],
  ] as const)('signed in by %s says that it acts for no person', async (way, words) => {
    const { account, row } = await open({ way })
    fireEvent.click(within(row).getByRole('button', { expanded: false, name: new RegExp(account.user.name) }))
    expect(within(row).getByText(words)).toBeTruthy()
  })
})

describe('a manifest that is left to its issuer', () => {
  it('names no addresses any more, and keeps everything else', () => {
    const signIn = { kind: 'oauth', authorizeUrl: 'https://a.example', tokenUrl: 'https://t.example', pkce: 'S256' }
    const text = withIssuer(JSON.stringify({ id: 'x', signIn }), 'https://i.example')
    expect(JSON.parse(text ?? '')).toEqual({
      id: 'x',
      signIn: { kind: 'oauth', pkce: 'S256', issuer: 'https://i.example' },
    })
  })

  it.each(['', '{', '[]', '{"signIn":{"kind":"key"}}'])('is not made of %j', (text) => {
    expect(withIssuer(text, 'https://i.example')).toBeNull()
  })
})

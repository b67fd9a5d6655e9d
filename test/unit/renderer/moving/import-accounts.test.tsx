// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { AccountsPage } from '../../../../renderer/accounts/accounts-page.tsx'
import { ClientDialog } from '../../../../renderer/accounts/client-dialog.tsx'
import { Toaster } from '../../../../renderer/design/toast.tsx'
import { SignInQueueBar } from '../../../../renderer/health/sign-in-queue-bar.tsx'
import { NoticeBar } from '../../../../renderer/trouble/notice-bar.tsx'
import { createWorkspace, WorkspaceProvider } from '../../../../renderer/workspace.tsx'
import { createFakeBridge, type FakeBridge } from '../../../renderer/fake-bridge.ts'
import { fakeHandshake } from '../connect/fake-vendor.ts'

async function open(prepare: (fake: FakeBridge) => void = () => undefined) {
  const fake = createFakeBridge()
  prepare(fake)
  const workspace = createWorkspace(fake.bridge)
  await workspace.accounts.getState().load()
  render(
    <WorkspaceProvider workspace={workspace}>
      <NoticeBar />
      <SignInQueueBar />
      <AccountsPage />
      <ClientDialog />
      <Toaster toasts={workspace.toasts} />
    </WorkspaceProvider>,
  )
  return { fake, workspace }
}

async function choose(text: string) {
  fireEvent.click(screen.getByRole('button', { name: 'Export, import and lock' }))
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Import accounts…' }))
  const dialog = await screen.findByRole('dialog', { name: 'Import accounts' })
  const input = dialog.ownerDocument.querySelector('input[type=file]')
  if (input === null) throw new Error('the dialog takes a file')
  const file = new File([text], 'accounts.json', { type: 'application/json' })
  Object.defineProperty(file, 'text', { value: async () => text })
  fireEvent.change(input, { target: { files: [file] } })
  return within(dialog)
}

const queue = () => screen.getByRole('region', { name: 'Signing in to several accounts' })

afterEach(cleanup)

describe('importing accounts', () => {
  it('shows what would be added, is here, or cannot be taken, and changes nothing until it is confirmed', async () => {
    const { fake } = await open()
    const dialog = await choose('{}')
    await dialog.findByText(/1 of 3 accounts will be added.*1 already here; 1 cannot be taken\./)
    expect(dialog.getByText('This Manydesk does not know the vendor.')).toBeTruthy()
    expect(fake.callsOf('moving.import')).toEqual([])
    fireEvent.click(dialog.getByRole('button', { name: 'Import 1 account' }))
    await waitFor(() => expect(queue().textContent).toContain('Signing in 1 of 1'))
    expect(fake.callsOf('accounts.reconnect')).toEqual([{ accountId: 'imported-1' }])
  })

  it('tells line and column of a fault and offers nothing to import', async () => {
    await open()
    const dialog = await choose('nonsense')
    await dialog.findByText('Line 1, column 1: This is not JSON.')
    expect(dialog.getByRole('button', { name: 'Import' }).hasAttribute('disabled')).toBe(true)
  })

  it('is told where the exported file is', async () => {
    await open()
    fireEvent.click(screen.getByRole('button', { name: 'Export, import and lock' }))
    fireEvent.click(await screen.findByRole('menuitem', { name: 'Export accounts…' }))
    await screen.findByText(/Saved as manydesk-accounts.json in .*No password, token or secret is in it\./)
  })
})

const signedOut = ({ data }: FakeBridge) => {
  for (const account of data.accounts) account.state = 'needs_sign_in'
}

describe('accounts that all ask for a sign-in, after lost keys for example', () => {
  it('are offered to be signed in to one by one, and the notice makes room for the queue', async () => {
    const { fake } = await open(signedOut)
    fireEvent.click(screen.getByRole('button', { name: 'Sign in one by one' }))
    await waitFor(() => expect(queue().textContent).toContain(`Signing in 1 of ${fake.data.accounts.length}`))
    expect(screen.queryByRole('button', { name: 'Sign in one by one' })).toBeNull()
  })

  it('are named at the end where they were skipped, and offered again', async () => {
    const { fake, workspace } = await open(signedOut)
    const [first, second] = fake.data.accounts
    await workspace.signIns.getState().start([first?.id ?? '', second?.id ?? ''])
    fireEvent.click(await screen.findByRole('button', { name: 'Skip' }))
    fake.emit('handshake.changed', { ...fakeHandshake({ step: 'done' }), accountId: second?.id ?? '' })
    await waitFor(() => expect(queue().textContent).toContain('1 of 2 signed in, 1 skipped'))
    expect(queue().textContent).toContain(`${first?.user.name} at ${first?.siteLabel}`)
    fireEvent.click(screen.getByRole('button', { name: 'Sign in to the skipped' }))
    await waitFor(() => expect(queue().textContent).toContain('Signing in 1 of 1'))
  })

  it('are asked for their OAuth client where it is lost, and the queue goes on with it', async () => {
    const { fake, workspace } = await open(signedOut)
    const [first] = fake.data.accounts
    const id = first?.id ?? ''
    await workspace.signIns.getState().start([id])
    const error = { code: 'client_missing' as const, message: 'There is no OAuth client.', action: null, detail: null }
    fake.emit('handshake.changed', { ...fakeHandshake({ step: 'failed', error }), accountId: id })
    fireEvent.click(await screen.findByRole('button', { name: 'Enter the client' }))
    const dialog = within(await screen.findByRole('dialog', { name: `OAuth client for ${first?.siteLabel}` }))
    fireEvent.change(dialog.getByLabelText('Client ID'), { target: { value: ' c1 ' } })
    fireEvent.change(dialog.getByLabelText(/^Client secret/), { target: { value: 's1' } })
    fireEvent.click(dialog.getByRole('button', { name: 'Sign in' }))
    await waitFor(() =>
      expect(fake.callsOf('accounts.reconnect').at(-1)).toEqual({
        accountId: id,
        client: { clientId: 'c1', clientSecret: 's1' },
      }),
    )
    expect(workspace.app.getState().screen).not.toBe('connect')
  })
})

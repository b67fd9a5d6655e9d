// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { TraceList } from '../../../renderer/connect/trace-list.tsx'
import { ConnectorsTab } from '../../../renderer/connectors/connectors-tab.tsx'
import { createWorkspace, WorkspaceProvider } from '../../../renderer/workspace.tsx'
import { createFakeBridge, type FakeBridge } from '../../renderer/fake-bridge.ts'

const trouble = { code: 'internal' as const, message: 'It went wrong.', action: null, detail: null }

afterEach(cleanup)

async function open(prepare: (fake: FakeBridge) => void = () => undefined, page = <ConnectorsTab />) {
  const fake = createFakeBridge()
  prepare(fake)
  const workspace = createWorkspace(fake.bridge)
  await workspace.accounts.getState().load()
  render(<WorkspaceProvider workspace={workspace}>{page}</WorkspaceProvider>)
  return { fake, workspace }
}

const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))
const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: /^Description/ })
const type = (value: string) => fireEvent.change(field(), { target: { value } })

async function edit(name: string, prepare?: (fake: FakeBridge) => void) {
  const all = await open(prepare)
  fireEvent.click(await screen.findByRole('button', { name }))
  await screen.findByText('No faults')
  return all
}

describe('the list of connectors', () => {
  it('is read again when it could not be read', async () => {
    const { fake } = await open((all) => all.fail('connectors.list', trouble))
    await screen.findByText('It went wrong.')
    fake.heal('connectors.list')
    press('Try again')
    expect(await screen.findByRole('button', { name: 'Edit Parcel Desk' })).toBeTruthy()
    expect(screen.queryByText('It went wrong.')).toBeNull()
  })
})

describe('the connector editor', () => {
  it('goes back at once while nothing was changed', async () => {
    await edit('Copy and change AutoTimer')
    press('Back to connectors')
    expect(screen.queryByRole('alertdialog')).toBeNull()
    expect(screen.getByRole('list', { name: 'Custom connectors' })).toBeTruthy()
  })

  it('asks before it throws away what was written', async () => {
    await edit('Edit Parcel Desk')
    type(`${field().value} `)
    press('Back to connectors')
    fireEvent.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Keep editing' }))
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull())
    expect(field().value).toMatch(/ $/)
    press('Back to connectors')
    fireEvent.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Discard changes' }))
    expect(await screen.findByRole('list', { name: 'Custom connectors' })).toBeTruthy()
  })

  it('asks before it removes a connector, and says why when that fails', async () => {
    const { fake } = await edit('Edit Parcel Desk', ({ data }) => {
      data.connectorUse = {}
    })
    fake.fail('connectors.remove', trouble)
    press('Remove')
    const dialog = within(await screen.findByRole('alertdialog', { name: 'Remove Parcel Desk?' }))
    expect(fake.callsOf('connectors.remove')).toEqual([])
    fireEvent.click(dialog.getByRole('button', { name: 'Remove connector' }))
    expect(await dialog.findByText('It went wrong.')).toBeTruthy()
    fake.heal('connectors.remove')
    fireEvent.click(dialog.getByRole('button', { name: 'Remove connector' }))
    expect(await screen.findByRole('list', { name: 'Custom connectors' })).toBeTruthy()
    expect(screen.queryByText('Parcel Desk')).toBeNull()
  })

  it('says in sight why a connector in use cannot be removed', async () => {
    await edit('Edit Parcel Desk')
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Remove' }).disabled).toBe(true)
    expect(screen.getByText('1 account uses it, so it cannot be removed.')).toBeTruthy()
  })

  it('keeps what was typed for a trial while the text has a fault, and tries nothing meanwhile', async () => {
    const { workspace } = await edit('Edit Parcel Desk', ({ data }) => {
      const [account] = data.accounts
      if (account) account.vendor = 'parcel-desk'
    })
    fireEvent.click(screen.getByRole('button', { name: /Request/ }))
    fireEvent.click(await screen.findByRole('option', { name: /^entry/ }))
    fireEvent.change(screen.getByLabelText('Conversation id'), { target: { value: '71' } })
    const right = field().value
    type(right.slice(0, -1))
    await screen.findByText(/A comma or a closing bracket/)
    expect(screen.getByLabelText<HTMLInputElement>('Conversation id').value).toBe('71')
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Run' }).disabled).toBe(true)
    type(right)
    await waitFor(() => expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Run' }).disabled).toBe(false))
    expect(workspace.connectors.getState().editing?.faults).toEqual([])
  })

  it('does not take a check that failed for one that found nothing, and checks again when told', async () => {
    const { fake } = await edit('Edit Parcel Desk')
    fake.fail('connectors.check', trouble)
    type(`${field().value} `)
    await screen.findByText('It went wrong.')
    expect(screen.queryByText('No faults')).toBeNull()
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Save' }).disabled).toBe(true)
    fake.heal('connectors.check')
    press('Check again')
    await screen.findByText('No faults')
    expect(screen.queryByText('It went wrong.')).toBeNull()
  })
})

describe('the trace of a sign-in', () => {
  it('stays in sight when its file could not be saved, and the reason stands above it', async () => {
    const { fake } = await open(undefined, <TraceList attemptId="attempt-1" />)
    const list = await screen.findByRole('region', { name: 'What happened' })
    fake.fail('accounts.saveTrace', trouble)
    press('Save as HAR file')
    const notice = await screen.findByText('It went wrong.')
    expect(within(list).getAllByRole('listitem').length).toBeGreaterThan(0)
    expect(list.isConnected).toBe(true)
    expect(notice.compareDocumentPosition(within(list).getAllByRole('listitem')[0] as Node)).toBe(
      Node.DOCUMENT_POSITION_FOLLOWING,
    )
    fake.heal('accounts.saveTrace')
    press('Save as HAR file')
    await waitFor(() => expect(screen.queryByText('It went wrong.')).toBeNull())
  })
})

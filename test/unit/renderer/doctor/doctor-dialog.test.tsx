// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { AccountsPage } from '../../../../renderer/accounts/accounts-page.tsx'
import { DoctorDialog } from '../../../../renderer/doctor/doctor-dialog.tsx'
import { createWorkspace, WorkspaceProvider } from '../../../../renderer/workspace.tsx'
import { createFakeBridge, type FakeBridge } from '../../../renderer/fake-bridge.ts'
import { fakeEnded, fakeRun, fakeStep } from '../../../renderer/fake-doctor.ts'

async function open(prepare: (fake: FakeBridge) => void = () => undefined) {
  const fake = createFakeBridge()
  prepare(fake)
  const workspace = createWorkspace(fake.bridge)
  await workspace.accounts.getState().load()
  render(
    <WorkspaceProvider workspace={workspace}>
      <AccountsPage />
      <DoctorDialog />
    </WorkspaceProvider>,
  )
  return { fake, workspace }
}

async function testing(prepare?: (fake: FakeBridge) => void) {
  const all = await open(prepare)
  await act(() => all.workspace.doctor.getState().test({ accountId: 'a1' }))
  return { ...all, dialog: within(await screen.findByRole('dialog')) }
}

afterEach(cleanup)

describe('testing a connection', () => {
  it('begins from the menu of the account', async () => {
    const { fake } = await open()
    const [menu] = screen.getAllByRole('button', { name: 'More actions' })
    if (menu) fireEvent.click(menu)
    fireEvent.click(await screen.findByRole('menuitem', { name: 'Test this connection' }))
    await screen.findByRole('dialog')
    expect(fake.callsOf('doctor.start')).toHaveLength(1)
  })

  it('shows steps as they come in, tells them to screen readers, and can be cancelled', async () => {
    const { fake, dialog } = await testing()
    expect(dialog.getByRole('progressbar', { name: 'Testing: Network' })).toBeTruthy()
    const steps = [fakeStep('network', 'passed', 'The server answers.')]
    act(() => fake.emit('doctor.changed', fakeRun({ steps, current: 'tls' })))
    expect(dialog.getByText('The server answers.')).toBeTruthy()
    expect(dialog.getByLabelText('Passed')).toBeTruthy()
    expect(within(dialog.getByRole('status')).getByRole('progressbar', { name: 'Testing: Encryption' })).toBeTruthy()
    fireEvent.click(dialog.getByRole('button', { name: 'Cancel' }))
    expect(fake.callsOf('doctor.cancel')).toEqual([{ runId: 'run-1' }])
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  })

  it('puts the diagnosis on top, with the remedy, and copies everything', async () => {
    const { fake, dialog } = await testing()
    act(() => fake.emit('doctor.changed', fakeEnded()))
    const diagnosis = within(dialog.getByRole('status')).getByRole('region', { name: 'Diagnosis' })
    expect(diagnosis.textContent).toContain('Ask your IT to install the root certificate')
    fireEvent.click(dialog.getByRole('button', { name: 'Copy details' }))
    expect(fake.data.copied[0]).toContain('cause: proxy_certificate')
    expect(fake.data.copied[0]).toContain('certificate issuer: Northgate Inspection CA')
  })

  it('leads to every request, and saves them', async () => {
    const { fake, dialog } = await testing()
    act(() => fake.emit('doctor.changed', fakeEnded()))
    fireEvent.click(dialog.getByRole('button', { name: 'Show every request' }))
    expect(await dialog.findByText('Exchange the code for access')).toBeTruthy()
    fireEvent.click(dialog.getByRole('button', { name: 'Save as HAR file' }))
    await waitFor(() => expect(fake.callsOf('doctor.saveTrace')).toEqual([{ runId: 'run-1' }]))
  })

  it('tests again, and hears nothing of another test', async () => {
    const { fake, dialog } = await testing()
    act(() => fake.emit('doctor.changed', fakeEnded()))
    fireEvent.click(dialog.getByRole('button', { name: 'Test again' }))
    await waitFor(() => expect(fake.callsOf('doctor.start')).toHaveLength(2))
    act(() => fake.emit('doctor.changed', fakeEnded({ runId: 'another' })))
    expect(dialog.queryByRole('region', { name: 'Diagnosis' })).toBeNull()
  })

  it('says why it cannot begin', async () => {
    const error = {
      code: 'not_found' as const,
      message: 'That account does not exist any more.',
      action: null,
      detail: null,
    }
    const { dialog } = await testing((fake) => fake.fail('doctor.start', error))
    expect(dialog.getByText('That account does not exist any more.')).toBeTruthy()
  })
})

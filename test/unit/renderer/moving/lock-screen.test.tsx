// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import type { LockState } from '../../../../preload/contract.ts'
import { App } from '../../../../renderer/app.tsx'
import { LockDialog } from '../../../../renderer/lock/lock-dialog.tsx'
import { createWorkspace, WorkspaceProvider } from '../../../../renderer/workspace.tsx'
import { createFakeBridge } from '../../../renderer/fake-bridge.ts'

window.matchMedia ??= () => Object.assign(new EventTarget(), { matches: false }) as MediaQueryList

const wrong = {
  code: 'passphrase_wrong' as const,
  message: 'This is not it.',
  action: 'Nothing was deleted.',
  detail: null,
}

function open(lock: Partial<LockState>) {
  const fake = createFakeBridge()
  Object.assign(fake.data.lock, lock)
  render(<App workspace={createWorkspace(fake.bridge)} />)
  return fake
}

const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } })

afterEach(cleanup)

describe('the lock screen', () => {
  it('names no account and asks main for none', async () => {
    const fake = open({ phase: 'locked' })
    await screen.findByRole('heading', { name: 'Manydesk is locked' })
    for (const { siteLabel, user } of fake.data.accounts) {
      expect(document.body.textContent).not.toContain(siteLabel)
      expect(document.body.textContent).not.toContain(user.name)
    }
    for (const call of ['accounts.list', 'brands.list', 'inbox.list', 'health.list'] as const) {
      expect(fake.callsOf(call)).toEqual([])
    }
  })

  it('says that the passphrase was wrong, empties the field, and opens for the right one', async () => {
    const fake = open({ phase: 'locked' })
    await screen.findByRole('heading', { name: 'Manydesk is locked' })
    fake.fail('lock.unlock', wrong)
    type('Passphrase', 'wrong')
    fireEvent.click(screen.getByRole('button', { name: 'Unlock' }))
    await screen.findByText('This is not it. Nothing was deleted.')
    expect((screen.getByLabelText('Passphrase') as HTMLInputElement).value).toBe('')
    fake.heal('lock.unlock')
    type('Passphrase', 'right')
    fireEvent.click(screen.getByRole('button', { name: 'Unlock' }))
    await waitFor(() => expect(screen.queryByRole('heading', { name: 'Manydesk is locked' })).toBeNull())
    expect(fake.callsOf('lock.unlock').at(-1)).toEqual({ passphrase: 'right' })
  })

  it('tries nothing before the wait is over', async () => {
    open({ phase: 'locked', waitUntil: Date.now() + 60_000 })
    await screen.findByText(/The next try is possible in \d+ seconds\./)
    type('Passphrase', 'right')
    expect(screen.getByRole('button', { name: 'Unlock' }).hasAttribute('disabled')).toBe(true)
  })

  it('offers to start over only where nothing is open, after a question', async () => {
    const fake = open({ phase: 'locked', cold: true })
    fireEvent.click(await screen.findByRole('button', { name: 'Forgot the passphrase?' }))
    const dialog = within(await screen.findByRole('alertdialog'))
    expect(fake.callsOf('lock.startOver')).toEqual([])
    fireEvent.click(dialog.getByRole('button', { name: 'Start over' }))
    await waitFor(() => expect(fake.callsOf('lock.startOver')).toHaveLength(1))
  })

  it('asks for a passphrase where the organisation wants one, and shows nothing else', async () => {
    const fake = open({ phase: 'required', managed: true, maxIdleMinutes: 5 })
    await screen.findByRole('heading', { name: 'Set a passphrase' })
    expect(screen.getByText('Managed by your organisation. Manydesk is used with a lock here.')).toBeTruthy()
    expect(fake.callsOf('accounts.list')).toEqual([])
  })
})

describe('the settings of the lock', () => {
  async function settings(lock: Partial<LockState>) {
    const fake = createFakeBridge()
    Object.assign(fake.data.lock, lock)
    const workspace = createWorkspace(fake.bridge)
    workspace.lock.getState().start()
    workspace.lock.getState().showSettings(true)
    render(
      <WorkspaceProvider workspace={workspace}>
        <LockDialog />
      </WorkspaceProvider>,
    )
    await screen.findByRole('dialog', { name: 'App lock' })
    return fake
  }

  it('take a passphrase only when it was typed twice alike', async () => {
    const fake = await settings({})
    type('New passphrase', 'four long words here')
    type('New passphrase again', 'four long words her')
    expect(screen.getByText('The two are not the same.')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Switch on the lock' }).hasAttribute('disabled')).toBe(true)
    type('New passphrase again', 'four long words here')
    fireEvent.click(screen.getByRole('button', { name: 'Switch on the lock' }))
    await waitFor(() =>
      expect(fake.callsOf('lock.enable')).toEqual([
        { passphrase: 'four long words here', recovery: true, idleMinutes: 10, withSystem: true },
      ]),
    )
  })

  it('ask for the present passphrase before the lock is switched off', async () => {
    const fake = await settings({ phase: 'open' })
    const off = screen.getByRole('button', { name: 'Switch off the lock' })
    expect(off.hasAttribute('disabled')).toBe(true)
    type('Present passphrase', 'the present one')
    fireEvent.click(off)
    await waitFor(() => expect(fake.callsOf('lock.disable')).toEqual([{ passphrase: 'the present one' }]))
  })

  it('do not switch off what the organisation wants on', async () => {
    await settings({ phase: 'open', managed: true })
    type('Present passphrase', 'the present one')
    expect(screen.getByRole('button', { name: 'Switch off the lock' }).hasAttribute('disabled')).toBe(true)
  })
})

// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { AuditTab } from '../../../renderer/audit/audit-tab.tsx'
import { createWorkspace, WorkspaceProvider } from '../../../renderer/workspace.tsx'
import { createFakeAudit } from '../../renderer/fake-audit.ts'
import { createFakeBridge, type FakeBridge } from '../../renderer/fake-bridge.ts'

async function open(prepare: (fake: FakeBridge) => void = () => undefined) {
  const fake = createFakeBridge()
  prepare(fake)
  const workspace = createWorkspace(fake.bridge)
  await workspace.accounts.getState().load()
  render(
    <WorkspaceProvider workspace={workspace}>
      <AuditTab />
    </WorkspaceProvider>,
  )
  return { fake, workspace }
}
const list = () => screen.findByRole('region', { name: 'Entries of the audit log' })
const error = { code: 'file_failed' as const, message: 'It cannot be read.', action: null, detail: null }

afterEach(cleanup)

describe('the audit log on screen', () => {
  it('tells what happened in sentences, newest first, and that the log is intact', async () => {
    await open()
    const rows = within(await list()).getAllByRole('listitem')
    expect(rows[0]?.textContent).toContain('The account of Mara Lind at acme.zendesk.com was connected.')
    expect(screen.getByText(/another user answered \(Jonas Keller instead of Mara Lind\)/)).toBeTruthy()
    expect((await screen.findByText('The audit log is intact.')).parentElement?.textContent).toContain(
      '9 entries checked',
    )
  })

  it('says loudly where the log broke, and marks the entry that is not the one written', async () => {
    await open(({ data }) => {
      data.audit.verification = {
        state: 'broken',
        checked: 6,
        unverifiable: 0,
        broken: { seq: 7, message: 'Entries are missing.' },
      }
      const [first] = data.audit.entries
      if (first) first.sound = false
    })
    expect((await screen.findByRole('alert')).textContent).toContain('tampered with or damaged at entry 7')
    expect(within(await list()).getByText('Not as written')).toBeTruthy()
  })

  it('says that earlier entries cannot be verified any more, and that a session keeps nothing', async () => {
    const { fake } = await open(({ data }) => {
      data.audit.verification = { state: 'intact', checked: 5, unverifiable: 4, broken: null }
    })
    expect(await screen.findByText(/4 entries before that cannot be verified any more/)).toBeTruthy()
    fake.data.audit.verification = { state: 'memory', checked: 1, unverifiable: 0, broken: null }
    fireEvent.click(screen.getByRole('button', { name: 'Check again' }))
    expect(await screen.findByText('This session keeps no audit log on disk.')).toBeTruthy()
  })

  it('draws only what is in view of a long log, and reads on when its end comes near', async () => {
    const { fake, workspace } = await open(({ data }) => {
      data.audit = createFakeAudit(350)
    })
    expect(within(await list()).getAllByRole('listitem').length).toBeLessThan(60)
    await act(() => workspace.audit.getState().loadMore())
    await act(() => workspace.audit.getState().loadMore())
    await act(() => workspace.audit.getState().loadMore())
    const { entries, next } = workspace.audit.getState()
    expect([new Set(entries.map(({ id }) => id)).size, next]).toEqual([350, null])
    expect(fake.callsOf('audit.list').map(({ before }) => before)).toEqual([undefined, '1.251', '1.151', '1.51'])
  })

  it('shows one kind or one account when asked', async () => {
    const { fake, workspace } = await open()
    await list()
    await act(() => workspace.audit.getState().filterBy({ group: 'policy' }))
    expect(within(await list()).getAllByRole('listitem')).toHaveLength(1)
    await act(() => workspace.audit.getState().filterBy({ group: 'all', accountId: 'a1' }))
    expect(fake.callsOf('audit.list').at(-1)).toMatchObject({ accountId: 'a1' })
    await act(() => workspace.audit.getState().filterBy({ group: 'connector' }))
    expect(screen.getByText('No such entries')).toBeTruthy()
  })

  it('shows a new entry at once at the top, and lets it wait while the person reads further down', async () => {
    const { fake, workspace } = await open()
    await list()
    const add = (summary: string) => {
      const [newest] = fake.data.audit.entries
      if (!newest) throw new Error('The log is empty')
      const entry = { ...newest, id: `1.${newest.seq + 1}`, seq: newest.seq + 1, summary }
      fake.data.audit.entries = [entry, ...fake.data.audit.entries]
      act(() => fake.emit('audit.changed', undefined))
    }
    add('Something new')
    expect(await screen.findByText('Something new.')).toBeTruthy()
    act(() => workspace.audit.getState().setAtTop(false))
    add('Something newer')
    expect(screen.queryByText('Something newer.')).toBeNull()
    expect(workspace.audit.getState().hasNewer).toBe(true)
  })

  it('says why it cannot be read and tries again', async () => {
    const { fake } = await open((all) => all.fail('audit.list', error))
    expect(await screen.findByText('It cannot be read.')).toBeTruthy()
    fake.heal('audit.list')
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    expect(await list()).toBeTruthy()
  })

  it('saves an export and says where', async () => {
    const { fake, workspace } = await open()
    await list()
    fireEvent.click(screen.getByRole('button', { name: 'Export' }))
    await waitFor(() => expect(fake.callsOf('audit.export')).toHaveLength(1))
    const said = () => workspace.toasts.visibleToasts.map(({ content }) => content.message)
    await waitFor(() => expect(said()).toEqual(['Saved manydesk-audit-log.jsonl in /home/mara/Downloads']))
    fake.fail('audit.export', error)
    fireEvent.click(screen.getByRole('button', { name: 'Export' }))
    await waitFor(() => expect(said()).toContain('It cannot be read.'))
  })

  it('says what will be here while there is nothing yet', async () => {
    await open(({ data }) => Object.assign(data.audit, { entries: [] }))
    expect(await screen.findByText('Nothing has happened yet')).toBeTruthy()
  })
})

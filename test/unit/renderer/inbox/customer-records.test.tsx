// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ErrorCode, errorCodes } from '../../../../preload/errors.ts'
import { CustomerRecords } from '../../../../renderer/inbox/customer-records.tsx'
import { createWorkspace, WorkspaceProvider } from '../../../../renderer/workspace.tsx'
import { createFakeBridge } from '../../../renderer/fake-bridge.ts'

const passing: readonly ErrorCode[] = ['rate_limited', 'timeout', 'offline', 'vendor_unreachable', 'vendor_failed']
const conversationId = 'a1:50117'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

const wait = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms))

/** The customer's records as one account has them, shown beside the conversation; `code` where it could not be asked. */
async function shown(code: ErrorCode | null, online = true) {
  const fake = createFakeBridge()
  const record = (trouble: ErrorCode | null) => ({
    accountId: 'a2',
    name: 'Ingrid Solheim',
    entries: [],
    trouble: trouble && { code: trouble, message: 'It did not answer.', action: null, detail: null },
  })
  fake.data.customerRecords[conversationId] = [record(code)]
  const workspace = createWorkspace(fake.bridge)
  await workspace.accounts.getState().load()
  const goOnline = (now: boolean) => act(() => workspace.app.setState({ app: { ...fake.data.app, online: now } }))
  goOnline(online)
  const thread = fake.data.threads.find(({ conversation }) => conversation.id === conversationId)
  if (thread === undefined) throw new Error('the fake has this conversation')
  render(
    <WorkspaceProvider workspace={workspace}>
      <CustomerRecords conversation={thread.conversation} now={Date.now()} />
    </WorkspaceProvider>,
  )
  await wait(500)
  const asked = () => fake.callsOf('inbox.customer').length
  const heal = () => Object.assign(fake.data.customerRecords, { [conversationId]: [record(null)] })
  return { asked, heal, goOnline }
}

describe('what other accounts know about the customer', () => {
  it.each(passing)('is asked for again when what was in the way passes: %s', async (code) => {
    const { asked, heal } = await shown(code)
    expect(screen.getByText(/It did not answer/)).toBeTruthy()
    heal()
    await wait(20_000)
    expect(asked()).toBe(2)
    expect(screen.queryByText(/It did not answer/)).toBeNull()
    await wait(60_000)
    expect(asked()).toBe(2)
  })

  it.each(errorCodes.filter((code) => !passing.includes(code)))(
    'is asked for once where asking changes nothing: %s',
    async (code) => {
      const { asked } = await shown(code)
      expect(screen.getByText(/It did not answer/)).toBeTruthy()
      await wait(60_000)
      expect(asked()).toBe(1)
    },
  )

  it('stays while one is offline, and is asked for when one is online again', async () => {
    const { asked, goOnline } = await shown(null)
    expect(screen.getByText(/Ingrid Solheim is known here/)).toBeTruthy()
    goOnline(false)
    await wait(60_000)
    expect(asked()).toBe(1)
    expect(screen.getByText(/Ingrid Solheim is known here/)).toBeTruthy()
    goOnline(true)
    await wait(500)
    expect(asked()).toBe(2)
  })

  it('is not asked for offline', async () => {
    const { asked } = await shown(null, false)
    await wait(60_000)
    expect(asked()).toBe(0)
  })
})

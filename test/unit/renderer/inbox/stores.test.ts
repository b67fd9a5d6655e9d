import { expect, test, vi } from 'vitest'
import type { Bridge } from '../../../../preload/contract.ts'
import { createInboxStore } from '../../../../renderer/state/inbox.ts'
import { createThreadStore } from '../../../../renderer/state/thread.ts'
import { createFakeBridge } from '../../../renderer/fake-bridge.ts'

const note = { kind: 'note', bodyText: 'Only for us', bodyHtml: '<p>Only for us</p>' } as const

async function openThread() {
  const { bridge, data } = createFakeBridge()
  let hangs = false
  const never = new Promise<never>(() => undefined)
  const slow: Bridge = {
    ...bridge,
    inbox: { ...bridge.inbox, thread: (args) => (hangs ? never : bridge.inbox.thread(args)) },
  }
  const hang = () => {
    hangs = true
  }
  const thread = createThreadStore(slow)
  const answer = await bridge.inbox.list({ limit: 2 })
  const [first, second] = answer.ok ? answer.value.rows : []
  if (!first || !second) throw new Error('the fake has no conversations')
  await thread.getState().open(first.id)
  return { thread, data, first, second, hang }
}

test('what was sent leaves the composer at once, so that a note can never go along with the next reply', async () => {
  const { thread, hang } = await openThread()
  thread.getState().compose('note')
  thread.getState().write({ bodyText: note.bodyText })
  hang()
  const sending = thread.getState().sendWriting([note])
  thread.getState().compose('reply')
  thread.getState().write({ bodyText: `${note.bodyText}Dear customer` })
  await sending
  expect(thread.getState().writing).toMatchObject({ kind: 'reply', bodyText: 'Dear customer' })
})

test('what was sent is no draft any more, also when the conversation was left meanwhile', async () => {
  const { thread, data, second } = await openThread()
  thread.getState().write({ bodyText: note.bodyText })
  const sending = thread.getState().sendWriting([note])
  const opening = thread.getState().open(second.id)
  await Promise.all([sending, opening])
  await vi.waitFor(() => expect(data.drafts).toEqual([]))
})

test('a page that was read while the list changed is read again instead of being lost', async () => {
  const { bridge } = createFakeBridge()
  let between: (() => Promise<void>) | null = null
  const slow: Bridge = {
    ...bridge,
    inbox: {
      ...bridge.inbox,
      list: async (query) => {
        const answer = await bridge.inbox.list(query)
        const change = between
        between = null
        await change?.()
        return answer
      },
    },
  }
  const inbox = createInboxStore(slow, () => undefined)
  await inbox.getState().reload()
  expect(inbox.getState().rows).toHaveLength(50)
  between = async () => {
    const { parts } = inbox.getState().list
    const [head] = parts
    if (!head) throw new Error('nothing was read')
    const { after, rows } = head
    inbox.setState({
      list: { parts: [{ after, rows: rows.slice(0, 40), next: await positionAfter(bridge, 40) }], waiting: null },
    })
  }
  await inbox.getState().loadMore()
  expect(new Set(inbox.getState().rows.map(({ id }) => id)).size).toBe(90)
  expect(inbox.getState().loadingMore).toBe(false)
})

async function positionAfter(bridge: Bridge, limit: number): Promise<string | null> {
  const answer = await bridge.inbox.list({ limit })
  return answer.ok ? answer.value.next : null
}

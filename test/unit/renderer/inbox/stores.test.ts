import { expect, test, vi } from 'vitest'
import type { Bridge } from '../../../../preload/contract.ts'
import { createInboxStore } from '../../../../renderer/state/inbox.ts'
import { createThreadStore } from '../../../../renderer/state/thread.ts'
import { createFakeBridge } from '../../../renderer/fake-bridge.ts'

const note = { kind: 'note', bodyText: 'Only for us', bodyHtml: '<p>Only for us</p>' } as const

const solve = { kind: 'status', status: 'solved', vendorStatusId: null } as const
const urgent = { kind: 'priority', priority: 'urgent' } as const
const mail = {
  kind: 'compose',
  to: { name: null, email: 'ingrid@example.org' },
  subject: 'Re: Poles',
  bodyText: 'Dear customer',
  bodyHtml: '<p>Dear customer</p>',
} as const

async function openThread() {
  const fake = createFakeBridge()
  const { bridge, data } = fake
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
  return { thread, data, first, second, hang, fake }
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

test('a mail that was taken over leaves the composer although what goes along with it fails: it cannot be sent twice', async () => {
  const { thread, data, first, fake } = await openThread()
  thread.getState().write({ bodyText: mail.bodyText, alongside: [urgent] })
  fake.fail('outbox.send', { code: 'store_full', message: 'The disk is full.', action: null, detail: null })
  await expect(thread.getState().sendByMail('a2', mail, [urgent])).rejects.toThrow('The disk is full.')
  expect(fake.callsOf('outbox.compose')).toHaveLength(1)
  // The change was not taken over: it is still there to be tried again.
  expect(thread.getState().writing).toMatchObject({ bodyText: '', alongside: [urgent] })
  await vi.waitFor(() => expect(data.drafts.filter(({ conversationId }) => conversationId === first.id)).toEqual([]))
  fake.heal('outbox.send')
  thread.getState().write({ bodyText: 'More' })
  await thread.getState().sendByMail('a2', { ...mail, bodyText: 'More' }, [urgent])
  expect(thread.getState().writing).toMatchObject({ bodyText: '', alongside: [] })
})

test('what goes along with a reply, and the mail account it goes through, wait while another conversation is looked at', async () => {
  const { thread, first, second } = await openThread()
  thread.getState().write({ bodyText: 'Half', alongside: [solve, urgent], throughAccountId: 'a3' })
  await thread.getState().open(second.id)
  expect(thread.getState().writing).toMatchObject({ bodyText: '', alongside: [], throughAccountId: null })
  thread.getState().write({ alongside: [urgent] })
  await thread.getState().open(first.id)
  expect(thread.getState().writing).toMatchObject({ alongside: [solve, urgent], throughAccountId: 'a3' })
  await vi.waitFor(() => expect(thread.getState().writing.bodyText).toBe('Half'))
})

test('what went along with a reply does not come back when the conversation was left while it was sent', async () => {
  const { thread, first, second } = await openThread()
  thread.getState().write({ bodyText: note.bodyText, alongside: [solve] })
  const sending = thread.getState().sendWriting([note, solve])
  await Promise.all([sending, thread.getState().open(second.id)])
  await thread.getState().open(first.id)
  expect(thread.getState().writing).toMatchObject({ bodyText: '', alongside: [] })
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

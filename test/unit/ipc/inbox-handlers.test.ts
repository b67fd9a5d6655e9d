import { describe, expect, it } from 'vitest'
import type { InboxChange } from '../../../main/inbox/sync.ts'
import { inboxHandlers } from '../../../main/ipc/inbox.ts'
import type { Services } from '../../../main/workstation/services.ts'
import { asAny } from '../desktop/fakes.ts'
import { testConnector } from '../oauth/support/desk.ts'
import { policyOf } from '../policy/policies.ts'

const answering = { id: 'answer', reason: 'Answer', optional: true, enables: ['reply' as const] }

function setUp() {
  const did: unknown[] = []
  const told: (InboxChange | 'outbox')[] = []
  const services = asAny<Services>({
    accounts: { find: (id: string) => (id === 'narrow' ? { vendor: 'desk', scopes: ['answer'] } : null) },
    connectorFor: () => testConnector({ scopes: [answering] }),
    policy: policyOf({ scopes: [{ vendor: '*', allowed: ['read'], reason: 'Read only.' }] }),
    store: {
      counts: async () => ({ revision: 7 }),
      setRead: async (ids: string[], read: boolean) => {
        did.push(['setRead', ids, read])
        return { revision: 8 }
      },
      saveDraft: async (draft: unknown) => void did.push(['saveDraft', draft]),
      enqueue: async (conversationId: string, commands: unknown[]) => {
        did.push(['enqueue', conversationId, commands])
        return [{ id: 'command-1' }]
      },
    },
    outbox: {
      wake: (accountId: string) => did.push(['wake', accountId]),
      retry: async (id: string) => void did.push(['retry', id]),
      discard: async (id: string) => void did.push(['discard', id]),
    },
  })
  const handlers = inboxHandlers(() => services, {
    inboxChanged: (change) => told.push(change),
    outboxChanged: () => told.push('outbox'),
  })
  return { handlers, did, told }
}

describe('the calls of the inbox', () => {
  it('a reply is durable first, then its account is woken, then everybody is told', async () => {
    const { handlers, did, told } = setUp()
    const commands = [{ kind: 'reply' as const, bodyText: 'Hi', bodyHtml: '<p>Hi</p>' }]
    expect(await handlers['outbox.send']({ conversationId: 'account-1:ticket:9', commands })).toEqual([
      { id: 'command-1' },
    ])
    expect(did).toEqual([
      ['enqueue', 'account-1:ticket:9', commands],
      ['wake', 'account-1'],
    ])
    expect(told).toEqual([
      'outbox',
      { revision: 7, accountIds: ['account-1'], conversationIds: ['account-1:ticket:9'] },
    ])
  })

  it('a reply that only a forbidden right makes possible is not taken in', async () => {
    const { handlers, did } = setUp()
    const commands = [{ kind: 'reply' as const, bodyText: 'Hi', bodyHtml: '<p>Hi</p>' }]
    await expect(handlers['outbox.send']({ conversationId: 'narrow:ticket:9', commands })).rejects.toMatchObject({
      code: 'policy_forbids',
    })
    expect(did).toEqual([])
  })

  it('marking as read tells each account once, with the revision of that write', async () => {
    const { handlers, told } = setUp()
    await handlers['inbox.setRead']({ conversationIds: ['a:1', 'a:2', 'b:1'], read: true })
    expect(told).toEqual([{ revision: 8, accountIds: ['a', 'b'], conversationIds: ['a:1', 'a:2', 'b:1'] }])
  })

  it('a draft is told, because the row shows that there is one', async () => {
    const { handlers, told } = setUp()
    await handlers['drafts.save']({ conversationId: 'a:1', kind: 'reply', bodyText: 'Dear' })
    expect(told).toEqual([{ revision: 7, accountIds: ['a'], conversationIds: ['a:1'] }])
  })
})

import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AppError } from '../../../main/errors.ts'
import { coalesce } from '../../../main/ipc/coalesce.ts'
import type { IpcPort, Sender } from '../../../main/ipc/port.ts'
import { answerCalls, createTell, type Handlers } from '../../../main/ipc/router.ts'
import { calls } from '../../../preload/contract.ts'
import { asAny, createLog } from '../desktop/fakes.ts'

const sender: Sender = { webContentsId: 1, frameUrl: 'app://manydesk/index.html', isMainFrame: true }
const row = {
  id: 'a:1',
  accountId: 'a',
  vendorId: '1',
  brandId: null,
  subject: 'Where is my parcel',
  preview: '',
  status: 'open',
  vendorStatusLabel: '',
  priority: null,
  channel: 'email',
  customerName: 'Kim',
  customerEmail: null,
  assigneeVendorId: null,
  assigneeName: null,
  tags: [],
  unread: true,
  sending: false,
  failed: false,
  hasDraft: false,
  createdAt: 1,
  updatedAt: 2,
  lastMessageBy: null,
  dueAt: null,
}

function setUp(handlers: Record<string, (args: never) => unknown> = {}, trusted = true) {
  const listeners = new Map<string, (sender: Sender, payload: unknown) => Promise<unknown>>()
  const sent: [string, unknown][] = []
  const port: IpcPort = {
    handle: (channel, listener) => void listeners.set(channel, listener),
    send: (channel, value) => void sent.push([channel, value]),
    trusts: () => trusted,
  }
  const log = createLog()
  const ran: string[] = []
  const all = Object.fromEntries(
    Object.keys(calls).map((name) => [
      name,
      (args: never) => {
        ran.push(name)
        return handlers[name]?.(args)
      },
    ]),
  )
  answerCalls({ port, handlers: asAny<Handlers>(all), log })
  const ask = async (name: string, payload?: unknown) => {
    const listener = listeners.get(name)
    if (!listener) throw new Error(`nobody listens to ${name}`)
    return (await listener(sender, payload)) as { ok: boolean; value?: unknown; error?: Record<string, unknown> }
  }
  return { ask, listeners, log, ran, sent, tell: createTell(port, log) }
}

describe('the router', () => {
  it('listens to exactly the calls of the contract', () => {
    expect([...setUp().listeners.keys()].sort()).toEqual(Object.keys(calls).sort())
  })

  it('hands parsed arguments to the handler and its result to the page', async () => {
    const { ask } = setUp({
      'inbox.list': ({ limit }: { limit: number }) => ({ rows: [row], next: null, revision: limit }),
    })
    expect(await ask('inbox.list', { limit: 50 })).toEqual({
      ok: true,
      value: { rows: [row], next: null, revision: 50 },
    })
  })

  it('runs nothing for a page it does not trust, in any call', async () => {
    const { ask, ran } = setUp({}, false)
    for (const name of Object.keys(calls)) {
      expect(await ask(name, {})).toMatchObject({ ok: false, error: { code: 'forbidden_sender' } })
    }
    expect(ran).toEqual([])
  })

  it('names the path of what was wrong in a payload, and runs nothing', async () => {
    const { ask, ran } = setUp()
    const answer = await ask('outbox.send', {
      conversationId: 'c',
      commands: [{ kind: 'reply', bodyText: 5, bodyHtml: '' }],
    })
    expect(answer).toMatchObject({ ok: false, error: { code: 'bad_request' } })
    expect(answer.error?.detail).toBe('outbox.send.commands.0.bodyText: invalid_type')
    expect(ran).toEqual([])
  })

  it('lets nothing pass that the contract does not name', async () => {
    const { ask } = setUp({
      'inbox.list': () => ({ rows: [{ ...row, accessToken: 'canary' }], next: null, revision: 1, grant: 'canary' }),
    })
    expect(JSON.stringify(await ask('inbox.list', { limit: 1 }))).not.toContain('canary')
  })

  it('answers a planned error with its code, sentence and action', async () => {
    const { ask } = setUp({
      'brands.remove': () => {
        throw new AppError('not_found', 'That brand does not exist any more.', {
          action: 'Look again.',
          detail: 'brand 7',
        })
      },
    })
    expect(await ask('brands.remove', { id: '7' })).toEqual({
      ok: false,
      error: {
        code: 'not_found',
        message: 'That brand does not exist any more.',
        action: 'Look again.',
        detail: 'brand 7',
      },
    })
  })

  it('keeps the text of an unplanned error from the page', async () => {
    const { ask, log } = setUp({ 'brands.list': () => Promise.reject(new TypeError('token canary is not a function')) })
    const answer = await ask('brands.list')
    expect(answer).toMatchObject({ ok: false, error: { code: 'internal', detail: 'TypeError' } })
    expect(JSON.stringify(answer)).not.toContain('canary')
    expect(log.lines.at(-1)).toMatchObject({ level: 'error', fields: { call: 'brands.list', kind: 'TypeError' } })
  })

  it('answers internal when a service breaks the contract, and logs where', async () => {
    const { ask, log } = setUp({
      'inbox.list': () => ({ rows: [{ ...row, status: 'canary' }], next: null, revision: 1 }),
    })
    expect(await ask('inbox.list', { limit: 1 })).toMatchObject({ ok: false, error: { code: 'internal' } })
    expect(JSON.stringify(log.lines)).toContain('rows.0.status')
    expect(JSON.stringify(log.lines)).not.toContain('canary')
  })

  it('survives any payload in any call with a typed answer', async () => {
    const { ask } = setUp()
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(calls)),
        fc.anything({ withNullPrototype: true }),
        async (name, payload) => {
          const answer = await ask(name, payload)
          if (!answer.ok) expect(['bad_request', 'internal']).toContain(answer.error?.code)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('is not fooled by keys of the prototype', async () => {
    const { ask } = setUp()
    const payload = JSON.parse('{"__proto__":{"limit":1},"constructor":{"prototype":{"limit":1}}}')
    expect(await ask('inbox.list', payload)).toMatchObject({ ok: false, error: { code: 'bad_request' } })
    expect(({} as Record<string, unknown>).limit).toBeUndefined()
  })

  it('refuses a payload of 50 MB without handing it on', async () => {
    const { ask, ran } = setUp()
    const answer = await ask('app.copy', { text: 'x'.repeat(50_000_000) })
    expect(answer).toMatchObject({ ok: false, error: { code: 'bad_request' } })
    expect(JSON.stringify(answer).length).toBeLessThan(1000)
    expect(ran).toEqual([])
  })
})

describe('events', () => {
  it('reach the page stripped to the contract', () => {
    const { tell, sent } = setUp()
    tell('inbox.changed', asAny({ revision: 1, accountIds: ['a'], conversationIds: null, token: 'canary' }))
    expect(sent).toEqual([['inbox.changed', { revision: 1, accountIds: ['a'], conversationIds: null }]])
  })

  it('that do not fit are dropped and logged without their content', () => {
    const { tell, sent, log } = setUp()
    tell('inbox.changed', asAny({ revision: 'canary', accountIds: [], conversationIds: null }))
    expect(sent).toEqual([])
    expect(JSON.stringify(log.lines)).toContain('revision')
    expect(JSON.stringify(log.lines)).not.toContain('canary')
  })
})

describe('coalescing', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('tells the first change at once and the rest of a burst together', () => {
    let told = 0
    const change = coalesce(() => told++, 20)
    for (let n = 0; n < 50; n++) change()
    expect(told).toBe(1)
    vi.advanceTimersByTime(19)
    expect(told).toBe(1)
    vi.advanceTimersByTime(1)
    expect(told).toBe(2)
    vi.advanceTimersByTime(1000)
    expect(told).toBe(2)
    change()
    expect(told).toBe(3)
  })
})

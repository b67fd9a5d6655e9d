import { describe, expect, it } from 'vitest'
import type { Account } from '../../../main/accounts/model.ts'
import { createManifestConnector } from '../../../main/connectors/manifest/connector.ts'
import { AppError } from '../../../main/errors.ts'
import { createConnectorTrials, shown } from '../../../main/workstation/connector-trials.ts'
import { manifestOf, site } from '../connectors/manifest/small.ts'
import { scripted } from '../connectors/scripted.ts'
import { asAny, createClock } from '../desktop/fakes.ts'

const saved = createManifestConnector(manifestOf())
const account = asAny<Account>({
  id: 'a1',
  vendor: 'tallybook',
  site,
  identity: { vendorUserId: '5', siteKey: 'x', name: 'Kim', email: null, role: null },
})
const token = 'tok-"quoted"-4711'

function connectorFor(id: string) {
  if (id === 'a1') return saved
  throw new AppError('not_found', 'That account does not exist any more.')
}

function trials(answer: (path: string) => unknown, access = connectorFor) {
  const calls: string[] = []
  return {
    calls,
    trials: createConnectorTrials({
      accounts: { find: (id) => (id === 'a1' ? account : null) },
      connectorFor: access,
      grants: { tokens: () => ({ current: async () => token, renew: async () => token }) },
      clock: createClock(),
      httpFor: ({ connector, site: place }) =>
        scripted(asAny({ ...saved, ...connector }), place, ({ url }) => {
          calls.push(`${url.host}${url.pathname}${url.search}`)
          return { body: answer(url.pathname) }
        }).ctx.http,
    }),
  }
}

const list = {
  questions: [{ id: 'q1', title: 'Lost hours', changed: '2026-01-01', access_token: 'abc', echo: `you sent ${token}` }],
}

describe('trying a request of a connector', () => {
  it('shows the answer raw, without secrets, beside what it is mapped to', async () => {
    const { trials: tries } = trials(() => list)
    const tried = await tries.run(manifestOf(), 'a1', 'list', null)
    expect(tried).toMatchObject({ method: 'GET', path: '/api/questions', truncated: false, fault: null })
    expect(tried.unified?.conversations).toMatchObject([{ vendorId: 'q1', subject: 'Lost hours' }])
    expect(JSON.parse(tried.raw)).toMatchObject({
      questions: [{ id: 'q1', access_token: '[secret]', echo: 'you sent [secret]' }],
    })
  })

  it('takes the first conversation of the list where none is named', async () => {
    const { trials: tries, calls } = trials((path) =>
      path.endsWith('/comments') ? { comments: [{ id: 1, at: '2026-01-01', text: 'hi' }] } : list,
    )
    const tried = await tries.run(manifestOf(), 'a1', 'comments', null)
    expect(calls).toEqual(['acme.tallybook.example/api/questions', 'acme.tallybook.example/api/questions/q1/comments'])
    expect(tried.unified?.messages).toMatchObject([{ bodyText: 'hi' }])
    await tries.run(manifestOf(), 'a1', 'comments', 'q2')
    expect(calls.at(-1)).toBe('acme.tallybook.example/api/questions/q2/comments')
  })

  it('says what keeps an answer from being mapped, and still shows it', async () => {
    const { trials: tries } = trials(() => ({ items: [] }))
    const tried = await tries.run(manifestOf(), 'a1', 'list', null)
    expect(tried).toMatchObject({
      unified: null,
      fault: { code: 'vendor_bad_answer', detail: 'answer.questions: missing' },
    })
    expect(tried.raw).toContain('items')
  })

  it('never takes the sign-in of an account to a host that is not saved, nor to another connector, nor to a write', async () => {
    const { trials: tries, calls } = trials(() => list)
    const elsewhere = manifestOf((m) => Object.assign(m, { hosts: [...m.hosts, 'evil.example'] }))
    await expect(tries.run(elsewhere, 'a1', 'list', null)).rejects.toMatchObject({
      code: 'bad_request',
      message: expect.stringContaining('host'),
    })
    await expect(
      tries.run(
        manifestOf((m) => Object.assign(m, { id: 'other' })),
        'a1',
        'list',
        null,
      ),
    ).rejects.toMatchObject({ code: 'bad_request' })
    await expect(tries.run(manifestOf(), 'a1', 'answer', null)).rejects.toMatchObject({ code: 'bad_request' })
    await expect(tries.run(manifestOf(), 'a1', 'constructor', null)).rejects.toMatchObject({ code: 'bad_request' })
    await expect(tries.run(manifestOf(), 'gone', 'list', null)).rejects.toMatchObject({ code: 'not_found' })
    expect(calls).toEqual([])
  })

  it('asks nothing for an account that rests by the policy of the organisation', async () => {
    const { trials: tries, calls } = trials(
      () => list,
      () => {
        throw new AppError('policy_forbids', 'No keys.')
      },
    )
    await expect(tries.run(manifestOf(), 'a1', 'list', null)).rejects.toMatchObject({ code: 'policy_forbids' })
    expect(calls).toEqual([])
  })

  it('cuts an answer that is too long', () => {
    const { raw, truncated } = shown(Array(100_000).fill('word'), '')
    expect(truncated).toBe(true)
    expect(raw.length).toBe(200_000)
  })
})

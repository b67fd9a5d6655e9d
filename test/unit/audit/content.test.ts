import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exportLines } from '../../../main/audit/export.ts'
import { openAuditFiles } from '../../../main/audit/files.ts'
import { openAuditLog } from '../../../main/audit/log.ts'
import { auditFact } from '../../../main/audit/model.ts'
import { summaryOf } from '../../../main/audit/words.ts'
import { fakeLog, type TempFolder, tempFolder } from '../oauth/support/fakes.ts'
import { type AuditFact, emptyDisk, keyOf, mara, open } from './support.ts'

const canary = 'Zq7Xw2Lm9Rt4Kp8Vb3Nc6Yd1Hf5Js0Ga7Te2Ui'
/** Secrets as they come in headers, answers and addresses, with words around them. */
const leaky = fc
  .tuple(
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.constantFrom(
      `Bearer ${canary}`,
      `access_token=${canary}`,
      `{"refresh_token":"${canary}"}`,
      `?code=${canary}&state=x`,
      `client_secret: "${canary}"`,
      `Authorization: Basic ${canary}`,
      canary,
      `eyJhbGciOiJub25lIn0.${canary}.${canary}`,
    ),
    fc.string({ unit: 'grapheme', maxLength: 20 }),
  )
  .map(([before, secret, after]) => `${before} ${secret} ${after}`)

const account = leaky.chain((site) => leaky.map((user) => ({ ...mara, site, user })))
const fact: fc.Arbitrary<AuditFact> = fc.oneof(
  account.map((about): AuditFact => ({ kind: 'account_connected', account: about })),
  fc.tuple(account, leaky, leaky).map(
    ([about, expected, answered]): AuditFact => ({
      kind: 'handshake_other_user',
      account: about,
      facts: { way: 'auth-window', expected, answered },
    }),
  ),
  leaky.map((connector): AuditFact => ({ kind: 'connector_saved', facts: { connector } })),
  leaky.map((rules): AuditFact => ({ kind: 'policy_loaded', facts: { rules } })),
)

describe('what is written down', () => {
  it('never holds a secret, whatever a caller hands over, nor does its export', () => {
    fc.assert(
      fc.property(fc.array(fact, { minLength: 1, maxLength: 5 }), (facts) => {
        const disk = emptyDisk()
        const audit = open(disk)
        for (const each of facts) audit.record(each)
        const verification = { state: 'intact', checked: 1, unverifiable: 0, broken: null } as const
        const exported = exportLines(audit, verification, '0.1.0', 0)
        expect(`${disk.files.read(1)}${exported}`).not.toContain(canary)
        expect(exported.trim().split('\n')).toHaveLength(facts.length + 2)
      }),
      { numRuns: 300 },
    )
  })

  it('takes no fact that its kind does not name', () => {
    const more = { kind: 'account_connected', account: mara, body: 'Dear customer' }
    expect(auditFact.safeParse(more).success).toBe(false)
    const inside = { kind: 'exported', facts: { what: 'har', count: 1, subject: 'Where is my order?' } }
    expect(auditFact.safeParse(inside).success).toBe(false)
    const audit = open(emptyDisk())
    audit.record(more as AuditFact)
    expect(JSON.stringify(audit.list({ limit: 10 }))).not.toContain('Dear customer')
  })

  it('keeps names and addresses of agents readable, on one line and in one direction', () => {
    const audit = open(emptyDisk())
    for (const user of ['Zoë Ümläut', 'help@acme.example', 'Mara\nLind\u202eevil']) {
      audit.record({ kind: 'account_connected', account: { ...mara, user } })
    }
    const users = audit.list({ limit: 3 }).entries.map(({ entry }) => entry.account?.user)
    expect(users.reverse()).toEqual(['Zoë Ümläut', 'help@acme.example', 'Mara Lind evil'])
  })

  it('is told as a sentence for every kind there is, and names a kind of a later version', () => {
    const kinds = auditFact.options.map((option) => option.shape.kind.value)
    for (const kind of kinds) {
      const summary = summaryOf({ kind, account: mara, outcome: 'timeout', facts: {} })
      expect(summary, kind).toMatch(/^[A-Z0-9a-z].{10,}[^.]$/)
      expect(summary, kind).not.toContain('undefined')
    }
    expect(summaryOf({ kind: 'team_hub_joined', account: null, outcome: null, facts: {} })).toBe('team hub joined')
  })
})

describe('pages', () => {
  it('come newest first, without a gap or a double, over files, and only what is asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 9 }), (count, limit) => {
        const audit = open(emptyDisk(), { maxBytes: 1200 })
        for (let n = 0; n < count; n += 1) {
          if (n % 3 === 0) audit.record({ kind: 'account_paused', account: { ...mara, id: `a${n % 2}` } })
          else audit.record({ kind: 'unlock_failed', facts: { tries: n } })
        }
        const all = (query: object) => {
          const seqs: number[] = []
          let before: Parameters<typeof audit.list>[0]['before']
          for (;;) {
            const page = audit.list({ ...query, limit, before })
            seqs.push(...page.entries.map(({ entry }) => entry.seq))
            if (page.next === null) return seqs
            before = page.next
          }
        }
        const whole = Array.from({ length: count + 1 }, (_, index) => count + 1 - index)
        expect(all({})).toEqual(whole)
        expect(all({ groups: ['account'] })).toEqual(whole.filter((seq) => seq > 1 && (seq - 2) % 3 === 0))
        expect(all({ accountId: 'a1' })).toEqual(whole.filter((seq) => seq > 1 && (seq - 2) % 6 === 3))
      }),
      { numRuns: 60 },
    )
  })
})

describe('the files', () => {
  let folder: TempFolder
  let audit: string
  beforeEach(() => {
    folder = tempFolder()
    audit = join(mkdtempSync(join(tmpdir(), 'manydesk-audit-')), 'audit')
  })
  afterEach(() => {
    folder.remove()
    rmSync(join(audit, '..'), { recursive: true, force: true })
  })
  const start = () =>
    openAuditLog({
      files: openAuditFiles(audit),
      head: folder.documents('vault').file('audit'),
      key: keyOf(7),
      kept: true,
      maxBytes: 900,
      now: () => 0,
      log: fakeLog(),
    })

  it('are for their owner only, grow and go on over a restart', async () => {
    start().record({ kind: 'account_connected', account: mara })
    const log = start()
    log.record({ kind: 'account_removed', account: mara })
    expect(readdirSync(audit)).toEqual(['audit-000001.jsonl', 'audit-000002.jsonl'])
    if (process.platform !== 'win32') {
      expect(statSync(audit).mode & 0o777).toBe(0o700)
      expect(statSync(join(audit, 'audit-000001.jsonl')).mode & 0o777).toBe(0o600)
    }
    expect(readFileSync(join(audit, 'audit-000001.jsonl'), 'utf8').split('\n')).toHaveLength(3)
    expect(await start().verify()).toEqual({ state: 'intact', checked: 3, unverifiable: 0, broken: null })
  })

  it('that are gone while the end is remembered are missed', async () => {
    start()
    rmSync(audit, { recursive: true })
    expect(await start().verify()).toMatchObject({ state: 'broken', broken: { reason: 'broken_before' } })
  })
})

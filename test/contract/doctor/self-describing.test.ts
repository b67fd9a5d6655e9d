import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Connector } from '../../../main/connectors/connector.ts'
import { createManifestConnector } from '../../../main/connectors/manifest/connector.ts'
import { parseManifest } from '../../../main/connectors/manifest/parse.ts'
import type { CauseId, StepResult } from '../../../main/diagnostics/doctor/model.ts'
import type { DoctorCase } from '../../harness/doctor-cases.ts'
import { type Played, playCase } from '../../harness/doctor-play.ts'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { sealdeskManifest } from '../../sandbox/vendors/sealdesk/sealdesk.ts'

/** The doctor and a vendor that describes itself: Sealdesk, whose connector is a manifest that names an issuer only. */

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ perShare: 8 })
})
afterAll(() => sandbox.close())

const described = parseManifest(sealdeskManifest()).manifest
if (!described) throw new Error('the manifest has faults')
const manifest = described

const withIssuer = (issuer: string): Connector =>
  createManifestConnector({ ...manifest, signIn: { ...manifest.signIn, issuer } as typeof manifest.signIn })

type Kind = 'strict' | 'open' | 'plain'
const authority = (kind: Kind) => `id-${kind}.sealdesk.example`

function sealdesk(kind: Kind, change: Partial<DoctorCase> = {}): DoctorCase {
  return {
    cause: 'unknown',
    title: `Sealdesk ${kind}`,
    connector: 'sealdesk',
    described: createManifestConnector(manifest),
    wish: {
      vendor: 'Sealdesk',
      fields: { Shop: kind },
      clientId: 'seal-public-manydesk',
      site: `sealdesk-${kind}`,
      email: `vera.lund@${kind}.example`,
      way: 'auth-window',
    },
    site: { shop: kind },
    about: 'account',
    trouble: async () => undefined,
    until: 'consent',
    ...change,
  }
}

const stepOf = ({ run }: Played, id: StepResult['id']): StepResult => {
  const found = run.steps.find((step) => step.id === id)
  if (!found) throw new Error(`no step ${id}`)
  return found
}
const secretsIn = async ({ progress, doctor, run }: Played) => {
  const shown = JSON.stringify([progress, doctor.trace(run.runId)])
  return (await sandbox.control.secrets()).filter(({ value }) => value.length > 6 && shown.includes(value))
}

describe.each(['strict', 'open', 'plain'] as const)('a server that describes itself (%s)', (kind) => {
  test('and works is found to work, step by step, with what it offers', async () => {
    await playCase(sandbox, sealdesk(kind), async (played) => {
      const { run } = played
      expect(run.diagnosis, JSON.stringify(run.steps, null, 1)).toMatchObject({ cause: null })
      expect(run.steps.filter(({ verdict }) => verdict !== 'passed')).toEqual([])
      const offers = { strict: 'required', open: 'offered', plain: 'no' }[kind]
      expect(stepOf(played, 'discovery')).toMatchObject({
        verdict: 'passed',
        evidence: { issuer: `https://${authority(kind)}`, 'requests handed in beforehand': offers },
      })
      const titles = played.doctor.trace(run.runId).map(({ title }) => title)
      expect(titles).toContain('Ask the server how to sign in')
      expect(await secretsIn(played)).toEqual([])
    })
  })

  test('and has another redirect URL registered is called that, also where the request is handed in beforehand', async () => {
    const old = ['https://old.acme.example/callback']
    const trouble: DoctorCase['trouble'] = (control) => control.setRedirectUrls('seal-public-manydesk', old)
    await playCase(sandbox, sealdesk(kind, { about: 'sign-in', trouble }), (played) => {
      expect(played.run.diagnosis, JSON.stringify(played.run.steps, null, 1)).toMatchObject({
        cause: 'wrong_redirect_url',
      })
      expect(stepOf(played, 'discovery').verdict).toBe('passed')
      expect(stepOf(played, 'redirect').verdict).toBe('failed')
      // What the server refused was no call with a token.
      expect(stepOf(played, 'api').verdict).toBe('skipped')
    })
  })

  test('and does not know the client is called that', async () => {
    const clientId = 'seal-nobody'
    const strange = sealdesk(kind, { about: 'sign-in', client: { clientId, clientSecret: null } })
    await playCase(sandbox, strange, ({ run }) => {
      expect(run.diagnosis, JSON.stringify(run.steps, null, 1)).toMatchObject({ cause: 'wrong_client_id' })
    })
  })

  test('and revoked the sign-in is called that', async () => {
    const trouble: DoctorCase['trouble'] = (control) => control.revoke({ site: `sealdesk-${kind}` })
    await playCase(sandbox, sealdesk(kind, { trouble }), (played) => {
      expect(played.run.diagnosis, JSON.stringify(played.run.steps, null, 1)).toMatchObject({ cause: 'token_revoked' })
      expect(stepOf(played, 'discovery').verdict).toBe('passed')
    })
  })
})

const wellKnown = { host: authority('plain'), path: '/.well-known/' }
const metadata = (fault: Parameters<Sandbox['control']['fail']>[0]): DoctorCase['trouble'] => {
  return (control) => control.fail({ ...fault, times: 50, target: wellKnown })
}

describe('the step of the addresses', () => {
  test.each<[string, CauseId, RegExp, Partial<DoctorCase>]>([
    [
      'an issuer with a slash too many',
      'wrong_issuer',
      /another one than the connector has/,
      { about: 'sign-in', described: withIssuer(`https://${authority('plain')}/`) },
    ],
    [
      'the issuer of a server that is none',
      'metadata_unusable',
      /has no description/,
      { about: 'sign-in', described: withIssuer('https://id-elsewhere.sealdesk.invalid') },
    ],
    [
      'a server that does not answer any more',
      'metadata_unreachable',
      /cannot be reached/,
      { trouble: (control) => control.offline([authority('plain')]) },
    ],
    ['a page in place of JSON', 'metadata_unusable', /not JSON/, { trouble: metadata({ kind: 'html', status: 200 }) }],
    ['half of the JSON', 'metadata_unusable', /not JSON/, { trouble: metadata({ kind: 'malformed' }) }],
    [
      'no description',
      'metadata_unusable',
      /has no description/,
      { about: 'sign-in', trouble: metadata({ kind: 'status', status: 404, body: 'no' }) },
    ],
    [
      'a description without the addresses',
      'metadata_unusable',
      /in a way that cannot be used/,
      { trouble: metadata({ kind: 'status', status: 200, body: `{"issuer":"https://${authority('plain')}"}` }) },
    ],
    ['a server in trouble', 'vendor_trouble', /trouble/, { trouble: metadata({ kind: 'status', status: 503 }) }],
  ])('names %s, says what to do, and asks no further', async (_title, cause, sentence, change) => {
    await playCase(sandbox, sealdesk('plain', change), async (played) => {
      const { run } = played
      expect(run.diagnosis, JSON.stringify(run.steps, null, 1)).toMatchObject({ cause })
      expect(run.diagnosis?.remedy).toMatch(/\.$/)
      const step = stepOf(played, 'discovery')
      expect(step).toMatchObject({ verdict: 'failed', sentence: expect.stringMatching(sentence) })
      expect(step.remedy).toMatch(/\.$/)
      expect([stepOf(played, 'authorize').verdict, stepOf(played, 'client').verdict]).toEqual(['skipped', 'skipped'])
      expect(await secretsIn(played)).toEqual([])
    })
  })
})

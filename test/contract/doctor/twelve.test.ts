import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toHar } from '../../../main/diagnostics/har.ts'
import { doctorSteps } from '../../../preload/doctor-steps.ts'
import { doctorCases } from '../../harness/doctor-cases.ts'
import { playCase } from '../../harness/doctor-play.ts'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ perShare: 8 })
})
afterAll(() => sandbox.close())

describe('the doctor names', () => {
  test('twelve different causes', () => {
    expect(new Set(doctorCases.map(({ cause }) => cause)).size).toBe(12)
  })

  test.each(doctorCases)('$title', async (each) => {
    await playCase(sandbox, each, async ({ run, ran, progress, doctor }) => {
      expect(run.diagnosis, JSON.stringify(run.steps, null, 1)).toMatchObject({ cause: each.cause })
      expect(run.steps.map(({ id }) => id)).toEqual(doctorSteps)
      expect(run.diagnosis?.remedy).toMatch(/\.$/)
      expect(ran).toMatchObject([{ runId: run.runId, cause: each.cause }])
      expect(progress.map(({ current }) => current)).toEqual([...run.steps.map(({ id }) => id), null])
      const shown = JSON.stringify([progress, ran, doctor.trace(run.runId), toHar(doctor.trace(run.runId), '0')])
      const secrets = await sandbox.control.secrets()
      expect(secrets.filter(({ value }) => value.length > 6 && shown.includes(value)).map(({ kind }) => kind)).toEqual(
        [],
      )
      expect(shown).not.toContain('not-the-secret-of-this-client')
    })
  })

  test('the issuer of a certificate that is not trusted', async () => {
    const proxied = doctorCases.find(({ cause }) => cause === 'proxy_certificate')
    if (!proxied) throw new Error('no such case')
    await playCase(sandbox, proxied, ({ run }) => {
      expect(run.diagnosis?.sentence).toContain('“Northgate Inspection CA”')
    })
  })

  test('nothing, where everything works, and leaves the account with a renewed sign-in', async () => {
    const account = doctorCases.find(({ about }) => about === 'account')
    if (!account) throw new Error('no such case')
    await playCase(sandbox, { ...account, trouble: async () => undefined }, async ({ run, desk }) => {
      expect(run.diagnosis, JSON.stringify(run.steps, null, 1)).toMatchObject({ cause: null })
      expect(run.steps.filter(({ verdict }) => verdict !== 'passed')).toEqual([])
      const [only] = desk.accounts.list()
      expect(only).toMatchObject({ state: 'connected', trouble: null })
      const held = await desk.vault.readGrant(only?.id ?? '')
      const alive = (await sandbox.control.tokens({ site: 'acme.zendesk.com' })).filter(({ state }) => state === 'live')
      expect(held.kind === 'found' && alive.some(({ value }) => value === held.value.refreshToken)).toBe(true)
    })
  })
})

import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Authority, startAuthority } from './support/authority.ts'
import { openDesk, passedOn } from './support/desk.ts'

let authority: Authority
beforeAll(async () => {
  authority = await startAuthority()
})
afterAll(() => authority.close())

type Fate = 'arrives' | 'denied' | 'cancelled' | 'swapped-state' | 'twice'

const runs = fc.array(
  fc.record({
    site: fc.constantFrom('acme', 'nova'),
    way: fc.constantFrom('auth-window' as const, 'system-browser' as const),
    fate: fc.constantFrom<Fate>('arrives', 'arrives', 'denied', 'cancelled', 'swapped-state', 'twice'),
    order: fc.nat(),
  }),
  { minLength: 2, maxLength: 6 },
)

test('handshakes at the same time, ending in any order and any way, never cross', async () => {
  await fc.assert(
    fc.asyncProperty(runs, async (plans) => {
      authority.reset()
      const desk = await openDesk({ authority })
      const windows = new Map<string, (url: string) => void>()
      let opened = Promise.withResolvers<string>()
      desk.window = ({ attemptId, authorizeUrl }) => {
        opened.resolve(authorizeUrl)
        return new Promise((resolve) => windows.set(attemptId, (url) => resolve({ kind: 'redirected', url })))
      }
      desk.browser = async (url) => opened.resolve(url)

      // Started one after another, so that it is known which page belongs to which; then all of them wait at the same time.
      const attempts: ((typeof plans)[number] & { index: number; attemptId: string; user: string; page: string })[] = []
      for (const [index, plan] of plans.entries()) {
        opened = Promise.withResolvers()
        const { attemptId } = desk.handshakes.connect({ ...desk.request, site: { site: plan.site }, way: plan.way })
        attempts.push({ ...plan, index, attemptId, user: `user${index}`, page: await opened.promise })
      }
      const landed = await Promise.all(
        attempts.map((attempt) =>
          authority.visit(attempt.page, attempt.fate === 'denied' ? 'deny' : { user: attempt.user }),
        ),
      )
      const stateOf = (url: string | undefined) => /state=[^&]+/.exec(url ?? '')?.[0] ?? ''

      for (const attempt of [...attempts].sort((a, b) => a.order - b.order)) {
        let url = landed[attempt.index] ?? ''
        if (attempt.fate === 'cancelled') desk.handshakes.cancel(attempt.attemptId)
        // The answer of one handshake dressed up with the state of its neighbour, delivered to this one.
        if (attempt.fate === 'swapped-state') {
          url = url.replace(/state=[^&]+/, stateOf(landed[(attempt.index + 1) % attempts.length]))
          if (attempt.way === 'system-browser') {
            url = (landed[attempt.index] ?? '').replace(/code=[^&]+/, 'code=stolen')
          }
        }
        const deliver = () => {
          if (attempt.way === 'auth-window') windows.get(attempt.attemptId)?.(url)
          else desk.handshakes.receiveRedirect(passedOn(url))
        }
        deliver()
        if (attempt.fate === 'twice') deliver()
      }

      for (const attempt of attempts) {
        const view = await desk.ended(attempt.attemptId)
        const good = attempt.fate === 'arrives' || attempt.fate === 'twice'
        expect([attempt.fate, view.step]).toEqual([attempt.fate, good ? 'done' : 'failed'])
        if (!good) continue
        const account = desk.accounts.find(view.accountId ?? '')
        expect(account?.identity).toMatchObject({ vendorUserId: attempt.user, siteKey: attempt.site })
        const grant = await desk.vault.readGrant(view.accountId ?? '')
        expect(grant.kind).toBe('found')
      }
      const good = attempts.filter(({ fate }) => fate === 'arrives' || fate === 'twice')
      expect(desk.accounts.list()).toHaveLength(good.length)
      expect(new Set(desk.accounts.list().map((account) => account.partition)).size).toBe(good.length)
      desk.close()
    }),
    { numRuns: 25, endOnFailure: true },
  )
})

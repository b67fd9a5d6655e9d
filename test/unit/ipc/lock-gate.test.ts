import { describe, expect, it } from 'vitest'
import { lockedHandlers, lockedTell, lockHandlers } from '../../../main/ipc/lock.ts'
import type { Handlers } from '../../../main/ipc/router.ts'
import type { AppLock, LockPhase } from '../../../main/lock/app-lock.ts'
import { type CallName, calls, type EventName, events } from '../../../preload/contract.ts'
import { asAny } from '../desktop/fakes.ts'

function setUp(start: LockPhase) {
  let phase = start
  const lock = asAny<AppLock>({
    view: () => ({ phase }),
    isClosed: () => phase === 'locked' || phase === 'required',
  })
  const ran: string[] = []
  let during: () => void = () => undefined
  const all = Object.fromEntries(
    Object.keys(calls).map((name) => [
      name,
      async () => {
        ran.push(name)
        during()
        return { notices: [{ message: 'acme.example was repaired' }] }
      },
    ]),
  )
  const handlers = lockedHandlers(asAny<Handlers>(all), lock)
  const ask = (name: CallName) => (handlers[name] as (args: unknown) => Promise<unknown>)({})
  const told: [string, unknown][] = []
  const tell = lockedTell((name, value) => void told.push([name, value]), lock)
  return {
    ask,
    ran,
    told,
    tell,
    become: (next: LockPhase) => {
      phase = next
    },
    whileAsked: (work: () => void) => {
      during = work
    },
  }
}

const allCalls = Object.keys(calls) as CallName[]

describe('a closed lock', () => {
  it.each([
    ['locked', ['app.state', 'policy.state', 'policy.retry', 'lock.state', 'lock.unlock', 'lock.startOver']],
    ['required', ['app.state', 'policy.state', 'policy.retry', 'lock.state', 'lock.enable']],
  ] as const)('refuses in %s every call of the contract but its own', async (phase, open) => {
    const { ask, ran } = setUp(phase)
    for (const name of allCalls.filter((each) => !(open as readonly string[]).includes(each))) {
      await expect(ask(name), name).rejects.toMatchObject({ code: 'locked' })
    }
    expect(ran).toEqual([])
    for (const name of open) await ask(name)
    expect(ran).toEqual(open)
  })

  it('keeps back the answer of a call that began before it closed', async () => {
    const { ask, become, whileAsked } = setUp('open')
    whileAsked(() => become('locked'))
    await expect(ask('inbox.list')).rejects.toMatchObject({ code: 'locked' })
  })

  it('tells nothing but its own state and the policy, and of the app nothing that names an account', async () => {
    const { ask, tell, told } = setUp('locked')
    for (const name of Object.keys(events) as EventName[]) tell(name, asAny({ notices: ['acme.example'] }))
    expect(told).toEqual([
      ['app.changed', { notices: [] }],
      ['policy.changed', { notices: ['acme.example'] }],
      ['lock.changed', { notices: ['acme.example'] }],
    ])
    expect(await ask('app.state')).toEqual({ notices: [] })
  })

  it('that is open lets everything through as it is', async () => {
    const { ask, ran, tell, told } = setUp('open')
    for (const name of allCalls) await ask(name)
    expect(ran).toEqual(allCalls)
    tell('outbox.changed', [])
    expect(told).toEqual([['outbox.changed', []]])
  })
})

describe('the calls of the lock', () => {
  it('open what waited once the passphrase is right, and nothing when it is wrong', async () => {
    const begun: string[] = []
    const lock = asAny<AppLock>({
      unlock: async (passphrase: string) => {
        if (passphrase !== 'right') throw new Error('wrong')
      },
    })
    const handlers = lockHandlers({
      lock,
      begin: async () => void begun.push('begin'),
      startOver: async () => void begun.push('start over'),
    })
    await expect(handlers['lock.unlock']({ passphrase: 'no' })).rejects.toThrow('wrong')
    expect(begun).toEqual([])
    await handlers['lock.unlock']({ passphrase: 'right' })
    expect(begun).toEqual(['begin'])
  })
})

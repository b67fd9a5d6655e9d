/** Shapes of the calls about the lock of the app. */
import { z } from 'zod'
import { call, nothing, text, time } from './contract-words.ts'

const lockState = z.object({
  /** `required`: the organisation wants a lock and no passphrase is set yet. In it and in `locked` every other call is refused. */
  phase: z.enum(['off', 'open', 'locked', 'required']),
  /** Locked since the start: nothing is open yet, and starting over is possible. */
  cold: z.boolean(),
  /** The system's keyring lost its key; the passphrase brings everything back. */
  recovering: z.boolean(),
  /** Before then no passphrase is tried; null when one may be. */
  waitUntil: time.nullable(),
  idleMinutes: z.number().int().nullable(),
  withSystem: z.boolean(),
  /** The passphrase alone opens what is here, where the system's keyring is lost. */
  recovery: z.boolean(),
  maxIdleMinutes: z.number().int().nullable(),
  /** The organisation wants the lock. */
  managed: z.boolean(),
})

const passphrase = text(1000).min(1)
const when = { idleMinutes: z.number().int().min(1).max(240).nullable(), withSystem: z.boolean() }

export const lockCalls = {
  'lock.state': call(nothing, lockState),
  'lock.unlock': call(z.object({ passphrase }), nothing),
  /** Sets the passphrase. `recovery`: it alone opens what is here, should the system's keyring be lost. */
  'lock.enable': call(z.object({ passphrase, recovery: z.boolean(), ...when }), nothing),
  'lock.change': call(z.object({ passphrase, next: passphrase }), nothing),
  'lock.disable': call(z.object({ passphrase }), nothing),
  'lock.configure': call(z.object(when), nothing),
  'lock.now': call(nothing, nothing),
  /** For a forgotten passphrase: keys and local copy are set aside, accounts and brands stay, each account asks for a sign-in. */
  'lock.startOver': call(nothing, nothing),
} as const

export const lockEvents = {
  'lock.changed': lockState,
} as const

export type LockState = z.infer<typeof lockState>

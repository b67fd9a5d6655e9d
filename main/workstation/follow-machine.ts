import type { Services } from './services.ts'
import type { Startup } from './startup.ts'

/** Renewals that became due during sleep are spread over this time. */
const wakeSpreadMs = 20_000

interface Machine {
  online: { online(): boolean; onChange(listener: (online: boolean) => void): void; look(): void }
  onSuspend(listener: () => void): void
  onResume(listener: () => void): void
}

/** Network and sleep: work goes on at once when it can. */
export function followMachine(machine: Machine, startup: Pick<Startup<Services>, 'peek'>): void {
  const follow = (online: boolean) => {
    const services = startup.peek()
    services?.sync.setOnline(online)
    services?.outbox.setOnline(online)
    if (online && services?.policy.broken() === null) services.grants.scheduleAll(wakeSpreadMs)
  }
  machine.online.onChange(follow)
  machine.onSuspend(() => startup.peek()?.grants.refreshSoon())
  machine.onResume(() => {
    machine.online.look()
    follow(machine.online.online())
  })
}

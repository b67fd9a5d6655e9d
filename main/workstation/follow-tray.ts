import type { AccountHealth } from '../health/model.ts'
import type { Log } from '../ports.ts'
import type { ServiceEvents, Services } from './services.ts'
import { type TrayNews, trayNews } from './tray-news.ts'

interface TrayParts {
  /** What may be told of, or null: nothing runs yet, or the app is locked. */
  running(): Services | null
  healthOf(services: Services): AccountHealth[]
  isOnline(): boolean
  show(news: TrayNews): void
  log: Log
}

/** Answers what brings the icon beside the clock up to date: accounts, their health and what is unread. */
export function trayUpdate({ running, healthOf, isOnline, show, log }: TrayParts): () => void {
  const update = async (services: Services) => {
    const { total } = await services.store.counts()
    show(trayNews(services.accounts.list(), healthOf(services), total.unread, isOnline()))
  }
  return () => {
    const services = running()
    if (services === null) return
    update(services).catch((error: unknown) =>
      log.info('The icon beside the clock was not brought up to date', { error }),
    )
  }
}

/** The same events; those that change what the icon shows call `also`. */
export function alsoTelling(events: ServiceEvents, also: () => void): ServiceEvents {
  const both =
    <A extends unknown[]>(tell: (...args: A) => void) =>
    (...args: A) => {
      tell(...args)
      also()
    }
  return {
    ...events,
    accountsChanged: both(events.accountsChanged),
    healthChanged: both(events.healthChanged),
    inboxChanged: both(events.inboxChanged),
  }
}

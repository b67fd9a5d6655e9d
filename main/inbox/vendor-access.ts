import type { Connector, ConnectorContext } from '../connectors/connector.ts'
import type { CallPriority } from '../connectors/rate-limit.ts'

/** How sync, outbox and downloads reach the vendor of an account. Given by the composition root. */
export interface VendorAccess {
  /** @throws AppError `not_found` for an unknown account, `not_supported` for an unknown vendor, `policy_forbids` */
  connectorFor(accountId: string): Connector
  /**
   * A context whose calls end when `signal` aborts. `interactive` for what an agent waits for; `background` when left out.
   * @throws AppError as `connectorFor`
   */
  contextFor(accountId: string, signal: AbortSignal, priority?: CallPriority): ConnectorContext
}

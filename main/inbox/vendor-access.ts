import type { Connector, ConnectorContext } from '../connectors/connector.ts'
import type { CallPriority } from '../connectors/rate-limit.ts'

/** How sync, outbox and downloads reach the vendor of an account. Given by the composition root. */
export interface VendorAccess {
  /** @throws AppError `not_found` for an unknown account, `not_supported` for an unknown vendor */
  connectorFor(accountId: string): Connector
  /**
   * A context whose calls end when `signal` aborts. `interactive` for what an agent waits for; `background` when left out.
   * @throws AppError `not_found`
   */
  contextFor(accountId: string, signal: AbortSignal, priority?: CallPriority): ConnectorContext
}

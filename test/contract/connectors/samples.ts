import type { Connector, Site } from '../../../main/connectors/connector.ts'
import type { Unified } from '../../../main/connectors/model.ts'
import { vendorData } from '../sandbox/described.ts'

/** Reads a real payload in place, through the operation of its name. Undefined where the vendors' data is absent. */
export function readSample(connector: Connector, operation: string, site: Site): Unified | undefined {
  const text = vendorData(`samples/${connector.id}/${operation}.json`)
  if (text === undefined) return undefined
  const found = connector.operations.find((each) => each.name === operation)
  if (found === undefined) throw new Error(`${connector.id} has no operation ${operation}`)
  return found.read(JSON.parse(text), site)
}

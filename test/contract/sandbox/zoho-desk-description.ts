import { vendorData } from './described.ts'

/** The description with the base path of its server in front of the API's paths, which the validator does not read out of a template. */
export function zohoDeskDescription(): string | undefined {
  const text = vendorData('specs/zoho-desk.openapi.json')
  if (text === undefined) return undefined
  const { paths, ...rest } = JSON.parse(text, orNull) as { paths: Record<string, object> }
  const whole = Object.entries(paths).map(([path, item]) => ['servers' in item ? path : `/api/v1${path}`, item])
  return JSON.stringify({ ...rest, paths: Object.fromEntries(whole) })
}

/** `allOf` beside `nullable` means "that, or nothing": the form the checks understand is one alternative. */
function orNull(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('allOf' in value) || !('nullable' in value)) return value
  const { allOf, ...rest } = value
  return { ...rest, oneOf: allOf }
}

/** When an answer was sent by the server's clock (RFC 9110 6.6.1), epoch milliseconds of whole seconds; null where it does not say. */
export function serverTimeOf(headers: Headers): number | null {
  const date = Date.parse(headers.get('date') ?? '')
  return Number.isNaN(date) ? null : date
}

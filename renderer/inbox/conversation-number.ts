/** Longer ones are machine names that nobody reads out on the phone. */
const longest = 14

/** `#35436` as people of the vendor say it, null where its ids are no numbers for people. A word before a colon only says what the id is of. */
export function conversationNumber(vendorId: string): string | null {
  const number = vendorId.slice(vendorId.lastIndexOf(':') + 1)
  return number.length > 0 && number.length <= longest ? `#${number}` : null
}

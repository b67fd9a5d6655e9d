const longest = 200

/** What a vendor knows beside the common model, as name and words. Nested and empty values have no words and are left out. */
export function vendorFields(vendor: Readonly<Record<string, unknown>>): [name: string, value: string][] {
  return Object.entries(vendor).flatMap(([key, value]): [string, string][] => {
    const words = wordsOf(value)
    return words === null ? [] : [[fieldName(key), words]]
  })
}

function wordsOf(value: unknown): string | null {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string' && value.trim() !== '') return value.trim().slice(0, longest)
  if (!Array.isArray(value) || value.length === 0) return null
  const words = value.map(wordsOf)
  return words.every((word) => word !== null) ? words.join(', ').slice(0, longest) : null
}

/** `ticket_form_id` and `ticketFormId` become "Ticket form id". */
function fieldName(key: string): string {
  const words = key
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .trim()
    .toLowerCase()
  return /[A-Z ]/.test(key) && !/[_-]/.test(key) && key.includes(' ')
    ? key
    : words.charAt(0).toUpperCase() + words.slice(1)
}

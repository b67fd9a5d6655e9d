/** The day of a moment at this place, as a date field has it. */
export function dayOf(at: number): string {
  const date = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** The last moment of a day at this place; null where there is no whole day yet. */
export function endOf(day: string): number | null {
  const at = new Date(`${day}T23:59:59`).getTime()
  return Number.isNaN(at) ? null : at
}

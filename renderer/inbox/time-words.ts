/** Times in words: relative under a day, absolute with the year when needed, in full for a tooltip. `time` is ms since 1970. */

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Short, for a row: "now", "14 min", "3 h", "12 Nov", "12 Nov 2025". */
export function shortTime(time: number, now = Date.now()): string {
  const age = now - time
  if (age < minute) return 'now'
  if (age < hour) return `${Math.floor(age / minute)} min`
  if (age < day) return `${Math.floor(age / hour)} h`
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear()
  return format(
    time,
    sameYear ? { day: 'numeric', month: 'short' } : { day: 'numeric', month: 'short', year: 'numeric' },
  )
}

/** For a message: "14 min ago", "Today, 09:12", "12 Nov, 09:12". */
export function messageTime(time: number, now = Date.now()): string {
  const age = now - time
  if (age < minute) return 'just now'
  if (age < hour) return `${Math.floor(age / minute)} min ago`
  const clock = format(time, { hour: '2-digit', minute: '2-digit' })
  const today = new Date(now).toDateString() === new Date(time).toDateString()
  return today ? `Today, ${clock}` : `${shortTime(time, Math.max(now, time + day))}, ${clock}`
}

/** "14 min", "3 h", "12 Nov, 09:12", to follow "since" or "synced". */
export function since(time: number, now = Date.now()): string {
  const clock = format(time, { hour: '2-digit', minute: '2-digit' })
  return now - time < day ? clock : `${shortTime(time, now)}, ${clock}`
}

/** Everything, with the time zone. */
export function fullTime(time: number): string {
  return format(time, { dateStyle: 'full', timeStyle: 'long' })
}

export interface DueWords {
  text: string
  state: 'overdue' | 'soon' | 'later'
}

/** What is left until a due time: "overdue 12 min", "due in 52 min", "due in 3 h", "due in 2 d". */
export function dueWords(dueAt: number, now = Date.now()): DueWords {
  const left = dueAt - now
  const size = Math.abs(left)
  const span =
    size < hour
      ? `${Math.max(1, Math.floor(size / minute))} min`
      : size < day
        ? `${Math.floor(size / hour)} h`
        : `${Math.floor(size / day)} d`
  if (left < 0) return { text: `overdue ${span}`, state: 'overdue' }
  return { text: `due in ${span}`, state: left < hour ? 'soon' : 'later' }
}

function format(time: number, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-GB', options).format(time)
}

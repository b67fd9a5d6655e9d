/** Switches that open the app to others on this computer, or take its walls down (security E20, CVE-2026-34769). */
const refused = [
  '--remote-debugging-',
  '--inspect',
  '--js-flags',
  '--no-sandbox',
  '--disable-web-security',
  '--load-extension',
  '--ignore-certificate-errors',
  '--host-resolver-rules',
]

/** The first switch an installed app must not be started with, or null. */
export function refusedSwitch(argv: readonly string[]): string | null {
  // Chromium also takes one dash, and on Windows a slash.
  const given = argv.map(
    (text) =>
      text
        .toLowerCase()
        .replace(/^(--|-|\/)/, '--')
        .split('=')[0] ?? '',
  )
  return given.find((text) => refused.some((start) => text.startsWith(start))) ?? null
}

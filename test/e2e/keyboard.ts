import type { Page } from 'playwright'
import { expect } from './fixtures.ts'

interface Stop {
  name: string
  shown: boolean
  /** Whether the stop before this one looked different while it had the focus. */
  previousMarked: boolean
}

/** What has the focus. Remembers how it looks, to be compared with how it looks once the focus has gone on. */
async function stopAt(): Promise<Stop | null> {
  const drawn = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  const looksOf = (element: Element) =>
    [element, element.parentElement, element.parentElement?.parentElement, ...element.querySelectorAll('*')]
      .filter((each) => each != null)
      .flatMap((each) => [undefined, '::before', '::after'].map((part) => getComputedStyle(each, part)))
      .map(({ outline, boxShadow, background, border, content }) =>
        [outline, boxShadow, background, border, content].join(),
      )
      .join()
  await drawn()
  const memory = globalThis as { lastStop?: { element: Element; looks: string } | undefined }
  const { lastStop } = memory
  const last = lastStop?.element
  // A field and the button in it share one frame, which stays marked.
  const sameFrame = last instanceof HTMLInputElement && last.parentElement?.contains(document.activeElement) === true
  const previousMarked = lastStop === undefined || sameFrame || lastStop.looks !== looksOf(lastStop.element)
  const frame = document.activeElement
  const inner = frame instanceof HTMLIFrameElement ? frame.contentDocument?.activeElement : null
  const element = (inner ?? frame) as HTMLElement | null
  if (element === null || element === document.body) {
    memory.lastStop = undefined
    return null
  }
  memory.lastStop = { element, looks: looksOf(element) }
  const box = element.getBoundingClientRect()
  const top = box.top + (inner ? (frame?.getBoundingClientRect().top ?? 0) : 0)
  return {
    name: element.getAttribute('aria-label') ?? (element.textContent?.trim() || element.outerHTML.slice(0, 200)),
    shown: box.width > 0 && box.height > 0 && top + box.height > 0 && top < innerHeight,
    previousMarked,
  }
}

/** Goes through the screen by Tab: each stop can be seen. Answers the names of the stops. */
export async function tabThrough(window: Page, stops: number): Promise<string[]> {
  const names: string[] = []
  for (let stop = 0; stop < stops; stop += 1) {
    await window.keyboard.press('Tab')
    const at = await window.evaluate(stopAt)
    if (at === null) continue
    expect.soft(at.shown, `in view: ${at.name}`).toBe(true)
    expect.soft(at.previousMarked, `focus seen: ${names.at(-1)}`).toBe(true)
    names.push(at.name)
  }
  await window.evaluate(() => Reflect.deleteProperty(globalThis, 'lastStop'))
  return names
}

/**
 * Goes round by Tab and answers what it never came to, of all that a press of Tab should reach. Cells of a grid are left out: the arrow keys go there.
 */
export async function unreached(page: Page): Promise<string[]> {
  const count = await page.evaluate(() => {
    const focusable = 'a[href], button:not(:disabled), input:not(:disabled), select, textarea, [tabindex="0"]'
    const all = [...document.querySelectorAll<HTMLElement>(focusable)].filter((element) => {
      const isOutside = element.closest('[inert], [aria-hidden="true"], [role="grid"], [data-live-announcer]') !== null
      const isOther = element instanceof HTMLInputElement && element.type === 'radio' && !element.checked
      return element.tabIndex >= 0 && !isOutside && !isOther && element.checkVisibility({ visibilityProperty: true })
    })
    for (const element of all) element.dataset.wanted = ''
    document.addEventListener('focusin', ({ target }) => {
      if (target instanceof HTMLElement) delete target.dataset.wanted
    })
    if (document.activeElement instanceof HTMLElement) delete document.activeElement.dataset.wanted
    return all.length
  })
  for (let stop = 0; stop < count + 6; stop += 1) await page.keyboard.press('Tab')
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[data-wanted]')].map(
      (element) => element.getAttribute('aria-label') || element.textContent?.trim() || element.outerHTML.slice(0, 160),
    ),
  )
}

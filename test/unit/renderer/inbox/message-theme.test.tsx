// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { ThemeProvider } from '../../../../renderer/design/theme.tsx'
import { MessageHtml } from '../../../../renderer/inbox/message-html.tsx'

// jsdom has no media queries; the test chooses its themes itself.
window.matchMedia ??= () => Object.assign(new EventTarget(), { matches: false }) as MediaQueryList

afterEach(cleanup)

function message(theme: 'light' | 'dark') {
  return (
    <ThemeProvider theme={theme}>
      <MessageHtml html="<p>Hello</p>" author="Ann" onLink={() => undefined} />
    </ThemeProvider>
  )
}

it('a message that is open takes the colours of the theme the person switches to', () => {
  const { rerender } = render(message('light'))
  const frame = screen.getByTitle<HTMLIFrameElement>('Message from Ann')
  expect(frame.contentDocument?.documentElement.style.colorScheme).toBe('light')
  rerender(message('dark'))
  expect(frame.contentDocument?.documentElement.style.colorScheme).toBe('dark')
  rerender(message('light'))
  expect(frame.contentDocument?.documentElement.style.colorScheme).toBe('light')
})

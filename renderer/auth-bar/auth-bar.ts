/**
 * The bar above a sign-in page. It has no bridge: the window writes what to show behind the hash, and Cancel is a link that the window
 * catches.
 */
function element(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`The bar has no ${id}`)
  return found
}

function show(): void {
  const state = new URLSearchParams(location.hash.slice(1))
  const title = state.get('title') ?? ''
  document.title = title
  element('title').textContent = title
  element('host').textContent = state.get('host') ?? ''
  element('cancel').setAttribute('href', state.get('cancel') ?? '#')
}

addEventListener('hashchange', show)
addEventListener('keydown', (event) => {
  if (event.key === 'Escape' || (event.key === ' ' && event.target === element('cancel'))) element('cancel').click()
})
show()

import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import type { z } from 'zod'
import { lineAndColumn, locate, schemaFaults, type TextFault } from './faults.ts'

/** JSON text of the wanted form, with the tree its places are found in; or what is wrong with it. */
export type ReadText<T> = { value: T; root: Node; faults: [] } | { value: null; root: null; faults: TextFault[] }

const mostFaults = 50
/** Nobody nests this deep, and reading takes as much of the stack as the text is deep. */
const deepest = 250

/**
 * Reads JSON that people write: strictly, and each fault has the line and column it stands at. Never throws.
 * @param longest in characters
 * @param what "connector", as faults call it
 */
export function readText<T>(text: string, schema: z.ZodType<T>, longest: number, what: string): ReadText<T> {
  if (text.length > longest)
    return failed([{ line: 1, column: 1, path: '', message: `This is too long for a ${what}.` }])
  const deep = tooDeep(text)
  if (deep !== null) return failed([{ ...lineAndColumn(text, deep), path: '', message: 'This is nested too deeply.' }])
  const errors: ParseError[] = []
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false })
  if (root === undefined || errors.length > 0) return failed(syntaxFaults(text, errors, what))
  const twice = repeated(text, root)
  if (twice.length > 0) return failed(twice)
  const parsed = schema.safeParse(JSON.parse(text))
  if (!parsed.success) return failed(schemaFaults(parsed.error, root).map((fault) => locate(text, root, fault)))
  return { value: parsed.data, root, faults: [] }
}

/** The first faults, in the order of the text. */
export function inOrder(faults: TextFault[]): TextFault[] {
  return faults.toSorted((a, b) => a.line - b.line || a.column - b.column).slice(0, mostFaults)
}

function failed(faults: TextFault[]): { value: null; root: null; faults: TextFault[] } {
  return { value: null, root: null, faults: inOrder(faults) }
}

const syntaxWords: Partial<Record<ReturnType<typeof printParseErrorCode>, string>> = {
  CommaExpected: 'A comma is missing before this.',
  ColonExpected: 'A colon is missing before this.',
  PropertyNameExpected: 'A name in double quotes is expected here. The last member has no comma after it.',
  ValueExpected: 'A value is expected here. The last item has no comma after it.',
  CloseBraceExpected: 'A } is missing here.',
  CloseBracketExpected: 'A ] is missing here.',
  InvalidCommentToken: 'JSON has no comments.',
  UnexpectedEndOfString: 'This text has no closing quote.',
  InvalidEscapeCharacter: 'This escape is not known: write \\\\ for a backslash.',
}

function syntaxFaults(text: string, errors: ParseError[], what: string): TextFault[] {
  if (text.trim() === '') return [{ line: 1, column: 1, path: '', message: 'This is empty.' }]
  const wordsOf = (error: ParseError) => {
    const code = printParseErrorCode(error.error)
    return code === 'EndOfFileExpected' ? `The ${what} ends before this.` : syntaxWords[code]
  }
  // What follows the first is mostly a consequence of it.
  return errors.slice(0, 1).map((error) => ({
    ...lineAndColumn(text, error.offset),
    path: '',
    message: wordsOf(error) ?? 'This is not JSON.',
  }))
}

/** Where the text becomes deeper than is read, or null. */
function tooDeep(text: string): number | null {
  const scanner = createScanner(text, true)
  let depth = 0
  for (scanner.scan(); scanner.getTokenLength() > 0; scanner.scan()) {
    const offset = scanner.getTokenOffset()
    const first = text[offset]
    if (first === '{' || first === '[') depth += 1
    if (first === '}' || first === ']') depth -= 1
    if (depth > deepest) return offset
  }
  return null
}

/** A name that stands twice in one object: JSON lets the last one win, which nobody means. */
function repeated(text: string, node: Node): TextFault[] {
  const names = new Set<string>()
  return (node.children ?? []).flatMap((child) => {
    const name = child.type === 'property' ? String(child.children?.[0]?.value) : null
    const again = name !== null && names.has(name)
    if (name !== null) names.add(name)
    const own = again
      ? [{ ...lineAndColumn(text, child.offset), path: name, message: `"${name}" stands here twice.` }]
      : []
    return [...own, ...repeated(text, child)]
  })
}

import { findNodeAtLocation, type Node } from 'jsonc-parser'
import type { z } from 'zod'

export type Place = (string | number)[]

/** Something wrong with a manifest, before it is known where in the text it stands. */
export interface Fault {
  at: Place
  message: string
}

/** A fault with its place in the text. Lines and columns count from 1. */
export interface TextFault {
  line: number
  column: number
  /** `requests.list.query.page`, empty for the text as a whole. */
  path: string
  message: string
}

export function pathText(at: Place): string {
  return at.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    return text === '' ? key : `${text}.${key}`
  }, '')
}

export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}

/** Where a place of the manifest stands: its name or item, else the nearest thing around it. */
export function locate(text: string, root: Node, { at, message }: Fault): TextFault {
  for (let length = at.length; length >= 0; length -= 1) {
    const node = findNodeAtLocation(root, at.slice(0, length))
    if (node === undefined) continue
    const named = node.parent?.type === 'property' ? node.parent : node
    return { ...lineAndColumn(text, named.offset), path: pathText(at), message }
  }
  return { line: 1, column: 1, path: pathText(at), message }
}

/** Issues of the schema as faults in plain words. What has no place in the text at all is missing. */
export function schemaFaults(error: z.ZodError, root: Node): Fault[] {
  const faults = error.issues.flatMap((issue) => issueFaults(issue, []))
  return faults.map((fault) =>
    findNodeAtLocation(root, fault.at) === undefined ? { ...fault, message: 'This is missing.' } : fault,
  )
}

const place = (path: PropertyKey[]): Place => path.map((key) => (typeof key === 'number' ? key : String(key)))

type Issue = z.core.$ZodIssue

function issueFaults(issue: Issue, base: Place): Fault[] {
  const at = [...base, ...place(issue.path)]
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ at: [...at, key], message: `"${key}" is not known here.` }))
    case 'invalid_key':
      return [{ at, message: `"${at.at(-1)}" cannot be used as a name: ${issue.issues[0]?.message ?? 'not allowed'}.` }]
    case 'invalid_union': {
      // The form that was meant is the one whose own type fits.
      const meant = issue.errors.find(
        (errors) =>
          errors.length > 0 && errors.every((each) => each.path.length > 0 || each.code === 'unrecognized_keys'),
      )
      if (meant !== undefined) return meant.flatMap((each) => issueFaults(each, at))
      return [{ at, message: sentence(issue.message) }]
    }
    case 'invalid_type':
      return [{ at, message: `This must be ${article(issue.expected)}.` }]
    case 'invalid_value':
      return [{ at, message: `This must be ${oneOf(issue.values)}.` }]
    default:
      return [{ at, message: sentence(issue.message) }]
  }
}

function oneOf(values: readonly unknown[]): string {
  const words = values.map((each) => JSON.stringify(each))
  return words.length === 1 ? String(words[0]) : `one of ${words.join(', ')}`
}

function article(type: string): string {
  const names: Record<string, string> = {
    string: 'a text',
    object: 'an object',
    record: 'an object',
    array: 'a list',
    int: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
  }
  return names[type] ?? `a ${type}`
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`

import type { Tag } from '../domain/tag.ts'
import { builder } from './builder.ts'

export const TagType = builder.objectRef<Tag>('Tag').implement({
  description: "The application's own label: carried from link to connection, never sent to a provider.",
  fields: (t) => ({
    key: t.exposeString('key', { description: 'At most 64 characters.' }),
    value: t.exposeString('value', { description: 'At most 500 characters.' }),
  }),
})

export const TagInput = builder.inputType('TagInput', {
  description: "The application's own label.",
  fields: (t) => ({
    key: t.string({ required: true, description: 'At most 64 characters; once per link.' }),
    value: t.string({ required: true, description: 'At most 500 characters.' }),
  }),
})

import type { Tag } from '../domain/tag.ts'
import { builder } from './builder.ts'

export const TagType = builder.objectRef<Tag>('Tag').implement({
  description:
    'A label of the application, copied from a connect link to its connection. Never sent to a provider.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Key of the tag, at most 64 characters.' }),
    value: t.exposeString('value', { description: 'Value of the tag, at most 500 characters.' }),
  }),
})

export const TagInput = builder.inputType('TagInput', {
  description: 'A label of the application.',
  fields: (t) => ({
    key: t.string({ required: true, description: 'Key of the tag, at most 64 characters; unique per link.' }),
    value: t.string({ required: true, description: 'Value of the tag, at most 500 characters.' }),
  }),
})

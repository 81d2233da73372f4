/** Orders that the lists offer. */

export const SORTS = [
  { value: '-updated_date', label: 'Last updated' },
  { value: '-id', label: 'Newest' },
  { value: 'id', label: 'Oldest' },
  { value: 'name', label: 'Name' },
] as const;

export const JOB_SORTS = [
  { value: '-updated_date', label: 'Last updated' },
  { value: '-id', label: 'Newest' },
  { value: 'id', label: 'Oldest' },
  { value: 'stage,state', label: 'Stage and state' },
] as const;

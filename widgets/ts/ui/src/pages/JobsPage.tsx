/** All jobs. */

import { BriefcaseBusiness } from 'lucide-react';
import { usePages } from './context';
import { JOB_FILTER } from './filter/fields';
import { JobCard } from './lists/JobCard';
import { ListView, type QuickFilter } from './lists/ListView';
import { Page } from './PageShell';
import { JOB_FIELDS } from './search';
import { JOB_SORTS } from './sorts';

const PAGE_SIZE = 12;

export function JobsPage() {
  const { api, me } = usePages();
  return (
    <Page>
      <ListView
        name="jobs"
        icon={BriefcaseBusiness}
        fields={JOB_FIELDS}
        sorts={JOB_SORTS}
        filters={jobFilters(me?.username)}
        filterFields={JOB_FILTER}
        pageSize={PAGE_SIZE}
        load={(query, signal) => api.jobs(query, signal)}
        layout="cards"
        render={(job) => <JobCard job={job} />}
        hint="Jobs are made when a task gets its images or its video."
      />
    </Page>
  );
}

function jobFilters(username: string | undefined): QuickFilter[] {
  return [
    ...(username ? [{ label: 'Assigned to me', rule: { '==': [{ var: 'assignee' }, username] } }] : []),
    { label: 'Not completed', rule: { '!': { '==': [{ var: 'state' }, 'completed'] } } },
  ];
}

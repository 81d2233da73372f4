/** A project in the list of projects. */

import type { ProjectRead } from '@cvat-lab/schema';
import { LinkButton } from '../../components';
import { formatAge, formatCount, formatDate } from '../../format';
import { usePages } from '../context';
import { ProjectActions } from '../ProjectActions';
import { Thumbnail } from '../Thumbnail';

export function ProjectCard({ project }: { project: ProjectRead }) {
  const { navigate } = usePages();
  const open = () => navigate({ page: 'project', id: project.id });
  return (
    <article className="cvl-card">
      {/* The name below is the control; the picture is only a larger target for the mouse. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: see above */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: see above */}
      <div className="cvl-card-picture" onClick={open}>
        <Thumbnail
          of={{ kind: 'project', id: project.id }}
          version={project.updated_date}
          empty={project.tasks.count === 0}
        />
      </div>
      <div className="cvl-card-text">
        <LinkButton className="cvl-item-name" onClick={open} title={project.name}>
          {project.name}
        </LinkButton>
        <ProjectActions project={project} compact />
        <span className="cvl-soft cvl-ellipsis">
          #{project.id} · {formatCount(project.tasks.count, 'task')}
          {project.owner && ` · ${project.owner.username}`}
        </span>
        <span className="cvl-soft cvl-ellipsis" title={formatDate(project.updated_date)}>
          Updated {formatAge(project.updated_date)}
        </span>
      </div>
    </article>
  );
}

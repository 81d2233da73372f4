"""The dataset classes of cvat-sdk: a task as samples for training, its pictures by chunks and one by one."""

import os
from pathlib import Path

from cvat_sdk import Client, Config, models
from cvat_sdk.datasets import MediaDownloadPolicy, TaskDataset, UpdatePolicy

URL, USER, PASSWORD = (os.environ[f"SERVER_{name}"] for name in ("URL", "USER", "PASSWORD"))
PICTURES = sorted(Path.cwd().glob("image_*.jpg"))[:10]


def add_box(task, frame):
    [car] = task.get_labels()
    box = models.LabeledShapeRequest(type="rectangle", label_id=car.id, frame=frame, points=[1.0, 2.0, 30.0, 40.0])
    task.set_annotations(models.LabeledDataRequest(shapes=[box]))


with Client(URL, config=Config(status_check_period=0.1, cache_dir=Path.cwd() / "cache")) as client:
    client.login((USER, PASSWORD))
    spec = models.TaskWriteRequest(name="training", labels=[models.PatchedLabelRequest(name="car")])
    task = client.tasks.create_from_data(spec, PICTURES, data_params={"chunk_size": 3})
    add_box(task, 4)
    task.remove_frames_by_ids([2])

    for policy in MediaDownloadPolicy:
        dataset = TaskDataset(client, task.id, media_download_policy=policy)
        assert [label.name for label in dataset.labels] == ["car"]
        assert [sample.frame_index for sample in dataset.samples] == [0, 1, 3, 4, 5, 6, 7, 8, 9], policy
        assert dataset.samples[0].frame_name == PICTURES[0].name
        assert [len(sample.annotations.shapes) for sample in dataset.samples] == [0, 0, 0, 1, 0, 0, 0, 0, 0]
        assert all(sample.media.load_image().size == (64, 48) for sample in dataset.samples)

    add_box(task, 5)  # the cache must notice by the date of the task that annotations have changed
    fresh = TaskDataset(client, task.id)
    assert [len(sample.annotations.shapes) for sample in fresh.samples] == [0, 0, 0, 0, 1, 0, 0, 0, 0]
    offline = TaskDataset(client, task.id, update_policy=UpdatePolicy.NEVER)
    assert len(offline.samples) == 9
    task.remove()

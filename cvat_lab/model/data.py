"""The media of a task, and its frames."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from cvat_lab.model.base import Record, Whole
from cvat_lab.model.shape import NonNegative
from cvat_lab.model.validation import ValidationParams


class MediaKind(StrEnum):
    """What the frames of a task are made of."""

    IMAGES = "images"
    VIDEO = "video"


class ChunkType(StrEnum):
    """Container of a chunk: a zip of images, or an mp4."""

    IMAGESET = "imageset"
    VIDEO = "video"


class StorageType(StrEnum):
    """Where the original files lie: copied into the workspace, or left in place on the share."""

    LOCAL = "local"
    SHARE = "share"
    CLOUD_STORAGE = "cloud_storage"


class StorageMethod(StrEnum):
    """When chunks are made: on request and kept in the bounded cache, or all of them when the task is created."""

    CACHE = "cache"
    FILE_SYSTEM = "file_system"


class SortingMethod(StrEnum):
    """Order of image files."""

    LEXICOGRAPHICAL = "lexicographical"
    NATURAL = "natural"
    PREDEFINED = "predefined"
    RANDOM = "random"


class Data(Record, kw_only=True):
    """The media of one task.

    Attributes
    ----------
    root
        Folder that holds the originals: below the workspace for copies, absolute for media linked in place.
    start_frame, stop_frame
        First and last source frame that was taken, inclusive.
    frame_filter
        Empty, or ``step=N``.
    size
        Number of frames of the task, deleted ones included.
    """

    id: int
    kind: MediaKind
    root: str
    storage: StorageType
    storage_method: StorageMethod
    sorting_method: SortingMethod
    chunk_size: int
    image_quality: int
    start_frame: int
    stop_frame: int
    frame_filter: str
    size: int
    compressed_chunk_type: ChunkType
    original_chunk_type: ChunkType
    chunks_updated_date: datetime


class Frame(Record, kw_only=True):
    """One frame of a task.

    A frame keeps its ``number`` for ever. Frames added later get the next free numbers, and a deleted one leaves a
    hole that restoring fills again; annotations refer to ``(task_id, number)`` and never have to move.

    Attributes
    ----------
    source
        Position in the media: index of the image file, or of the decoded video frame.
    width, height
        Size in pixels after EXIF orientation; 0 = not known yet.
    """

    id: int
    task_id: int
    number: int
    source: int
    name: str
    width: int
    height: int
    related_files: int = 0
    deleted: bool = False


class FrameMeta(Record, kw_only=True):
    """A frame on the wire."""

    name: str
    width: int
    height: int
    related_files: int = 0
    has_related_context: bool = False


class DataMeta(Record, kw_only=True):
    """What a client must know to show the frames of a task or job."""

    chunks_updated_date: datetime
    chunk_size: int
    size: int
    image_quality: int
    start_frame: int
    stop_frame: int
    frame_filter: str
    frames: list[FrameMeta]
    deleted_frames: list[int]
    storage: StorageType
    storage_method: StorageMethod
    included_frames: list[int] | None = None
    cloud_storage_id: int | None = None
    chapters: None = None


class DataMetaPatch(Record, kw_only=True):
    """Frames to hide (the whole list), on PATCH of the meta data."""

    deleted_frames: list[Whole] | UnsetType = UNSET
    cloud_storage_id: Whole | None | UnsetType = UNSET


class DataWrite(Record, kw_only=True):
    """How to turn files into the frames of a task."""

    image_quality: Annotated[int, Meta(ge=0, le=100)] = 70
    chunk_size: NonNegative | None = None
    start_frame: NonNegative = 0
    stop_frame: NonNegative | None = None
    frame_filter: Annotated[str, Meta(max_length=256)] = ""
    server_files: list[str] = []
    server_files_exclude: list[str] = []
    remote_files: list[str] = []
    client_files: list[Any] = []
    upload_file_order: list[str] = []
    use_zip_chunks: bool = False
    use_cache: bool = True
    copy_data: bool = False
    storage: StorageType | None = None
    storage_method: StorageMethod | None = None
    sorting_method: SortingMethod = SortingMethod.LEXICOGRAPHICAL
    filename_pattern: str | None = None
    job_file_mapping: list[list[str]] | None = None
    cloud_storage_id: Whole | None = None
    validation_params: ValidationParams | None = None


class RequestId(Record, kw_only=True):
    """Answer to everything that goes on in the background."""

    rq_id: str


class ShareEntry(Record, kw_only=True):
    """A file or folder of the share."""

    name: str
    type: str
    mime_type: str

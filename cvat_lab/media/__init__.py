"""Where pixels come from: images, archives and video, indexed in place and never re-encoded up front.

The way through the modules: ``sources`` finds the files, ``index`` reads their headers or packets once, ``frames``
gives pictures out of an index, ``chunks`` packs them for API clients and ``cache`` keeps what was made on disk.

Nothing is imported here, because PyAV and OpenCV take half a second to load.
"""

"""``python -m cvat_lab.cli``."""

import sys

from cvat_lab.cli import main

sys.exit(main())

"""JupyterHub with one cvat_lab for everybody. Explained in docs/jupyterhub.md; the tests start this very file.

Part 1 is the Hub itself: take what you have. Part 2 is what cvat_lab needs: copy it.
"""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821 JupyterHub provides it


# ---------------------------------------------------------------------------------------------------------- 1. the Hub

STATE = Path(os.environ.get("HUB_STATE", "/srv/jupyterhub"))
BASE_URL = os.environ.get("HUB_BASE_URL", "/")  # begins and ends with a slash
PORT = os.environ.get("HUB_PORT", "8000")
API_PORT = os.environ.get("HUB_API_PORT", "8081")
PROXY_API_PORT = os.environ.get("HUB_PROXY_API_PORT", "8001")

c.JupyterHub.bind_url = f"http://{os.environ.get('HUB_IP', '127.0.0.1')}:{PORT}{BASE_URL}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{API_PORT}"
c.JupyterHub.db_url = f"sqlite:///{STATE}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = str(STATE / "cookie_secret")
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{PROXY_API_PORT}"
c.ConfigurableHTTPProxy.pid_file = str(STATE / "proxy.pid")
c.ConfigurableHTTPProxy.command = os.environ.get("HUB_PROXY", "configurable-http-proxy").split()

# Who may log in. PAM (accounts of this machine) is the Hub's default; "shared-password" is for a trial.
c.JupyterHub.authenticator_class = os.environ.get("HUB_AUTHENTICATOR", "pam")
c.Authenticator.allowed_users = set(os.environ.get("HUB_USERS", "").split())
c.Authenticator.admin_users = set(os.environ.get("HUB_ADMINS", "").split())
c.SharedPasswordAuthenticator.user_password = os.environ.get("HUB_PASSWORD", "")
c.SharedPasswordAuthenticator.admin_password = os.environ.get("HUB_ADMIN_PASSWORD", "")

# How their servers start. "simple" runs all of them under the Hub's own account: for a trial only.
c.JupyterHub.spawner_class = os.environ.get("HUB_SPAWNER", "localprocess")
c.SimpleLocalProcessSpawner.home_dir_template = str(STATE / "home" / "{username}")
c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.default_url = "/lab"
if c.JupyterHub.spawner_class == "simple" and os.geteuid() == 0:
    c.Spawner.args = ["--allow-root"]


# --------------------------------------------------------------------------------------------------------- 2. cvat_lab

WORKSPACE = os.environ.get("CVAT_LAB_WORKSPACE", "/srv/cvat-lab/workspace")
SHARE = os.environ.get("CVAT_LAB_SHARE", "")  # a folder of media, for example a mounted data set; "" = none
SERVICE_PORT = os.environ.get("CVAT_LAB_PORT", "18080")

SERVE = [sys.executable, "-m", "cvat_lab.cli", "serve", "--workspace", WORKSPACE]
if SHARE:
    SERVE += ["--share-root", SHARE]

# One process has the workspace open. The Hub starts it, restarts it, and sends /services/cvat-lab/ to it.
c.JupyterHub.services = [
    {
        "name": "cvat-lab",
        "url": f"http://127.0.0.1:{SERVICE_PORT}",
        "command": SERVE,
        "oauth_client_allowed_scopes": ["access:services!service=cvat-lab"],
        "oauth_no_confirm": True,
        "display": False,
    }
]

# The extension in each user's JupyterLab forwards to the service instead of opening a workspace of its own.
# This is the service's address as the users' servers see it; on other machines, the Hub's public address will do:
# https://hub.example.org/services/cvat-lab/
c.Spawner.environment = {
    "CVAT_LAB_SERVICE_URL": f"http://127.0.0.1:{SERVICE_PORT}{BASE_URL}services/cvat-lab/",
}

ACCESS = "access:services!service=cvat-lab"
c.JupyterHub.load_roles = [
    # Users, and tokens they make for their scripts, may reach the service.
    {"name": "user", "scopes": ["self", ACCESS]},
    # So may the server of each user, with its own token. The first two scopes are the Hub's defaults.
    {"name": "server", "scopes": ["users:activity!user", "access:servers!server", ACCESS]},
    # The service may read who there is, so that jobs can be assigned to somebody who was never here.
    {"name": "cvat-lab", "services": ["cvat-lab"], "scopes": ["list:users", "read:users:name"]},
]

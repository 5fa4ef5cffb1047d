"""Entry point of web servers and of the ``flask`` command."""

from equipment_cloud.app import create_app

app = create_app()

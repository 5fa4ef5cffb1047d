"""Shared research-equipment platform of Yuyao (余姚科研设备云).

Imports nothing, so that the rules of every room load without Flask. The application factory is
:func:`equipment_cloud.app.create_app`.
"""

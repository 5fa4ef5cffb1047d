"""Code tables (代码表): regions, instrument classes, industries and working days.

*Region* (行政区划), *instrument class* (仪器分类), *industry* (行业门类), *calendar day* (日历日). All four are
dated or versioned data that migrations seed and staff may extend; the room decides nothing with them and knows no
other room.
"""

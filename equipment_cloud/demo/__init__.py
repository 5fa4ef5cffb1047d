"""The example city (示例城市): a believable Yuyao written through the services, so that it obeys every rule.

Names are marked 示例, credit codes are synthetic and pass the check, prices are examples. Half a year of life ends
today.
"""

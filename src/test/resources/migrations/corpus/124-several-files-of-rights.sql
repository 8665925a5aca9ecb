-- expect: breaks-old-version 4
-- conservative: the role that lost the membership is not the gateway's
GRANT gateway_app TO CURRENT_USER;
REVOKE gateway_app FROM CURRENT_USER;
